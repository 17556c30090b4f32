"""Every container's CPU, memory, processes and network, read from the kernel; no Docker socket is needed."""
