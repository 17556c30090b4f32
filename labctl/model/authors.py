"""The people who change a lab's system: a closed list, so that no name tells a fault from a harmless change."""

from __future__ import annotations

AUTHORS: tuple[str, ...] = (
    "a.bakker",
    "c.meyer",
    "d.silva",
    "e.moreau",
    "f.rossi",
    "h.yamada",
    "i.kowalski",
    "j.lindqvist",
    "j.okafor",
    "k.andersson",
    "l.dubois",
    "m.castillo",
    "m.ferrari",
    "m.lindqvist",
    "n.haddad",
    "o.schmidt",
    "p.novak",
    "r.banerjee",
    "s.okafor",
    "t.varga",
)
