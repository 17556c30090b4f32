BEGIN TRANSACTION;
CREATE TABLE changes (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL, kind TEXT NOT NULL, component TEXT NOT NULL,
    summary TEXT NOT NULL, old TEXT NOT NULL, new TEXT NOT NULL, author TEXT NOT NULL, detail TEXT NOT NULL);
INSERT INTO "changes" VALUES(1,1.79602302164846301083e+09,'release','payments','Cap retries','2.14.0','2.15.0','c.meyer','--- a
+++ b
');
CREATE TABLE documents (
    kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, updated_at REAL NOT NULL, PRIMARY KEY (kind, id));
INSERT INTO "documents" VALUES('incident','INC-0001','Vqu29OVcCQcJ8+4GEAAEInU4NeIcoPzEOIzFsS9oNDJfclYWrTMjJJrtBtLktAML0vkNFZti5Lig/+SMCDH791JgGtjQhqX/',1.79602302165115547179e+09);
INSERT INTO "documents" VALUES('injection','active','IkNN1IZPivJAZGq2xDcmSdlRt7wE3JiAjPVYpSNwhabHLR05gIgbvFbCMu1HooZG0udrMoXz8t/JmpvI0lk29/D23HFvX07O',1.79602302165340566636e+09);
CREATE TABLE journal (
    number INTEGER PRIMARY KEY, at REAL NOT NULL, kind TEXT NOT NULL, payload TEXT NOT NULL, hash TEXT NOT NULL);
INSERT INTO "journal" VALUES(0,1.79602302166268062589e+09,'look-up','{"command":"status"}','a660de093d29f82f11e6c5ae8c45deec4a9f475f08792d046a58c3ef46e5d6ce');
INSERT INTO "journal" VALUES(1,1.79602302166430568696e+09,'operation','{"outcome":"done","what":"up"}','3b0f482c23061c8c82bbc002beb19c68b479b857b27cd4b9eee08a066a70642b');
CREATE TABLE operations (
    id INTEGER PRIMARY KEY AUTOINCREMENT, what TEXT NOT NULL, detail TEXT NOT NULL, pid INTEGER NOT NULL,
    started_at REAL NOT NULL, ended_at REAL, outcome TEXT);
INSERT INTO "operations" VALUES(1,'up','zQCe8Z4IMs0uGiodIztVoWQE1qBTWSbOXl9QCRZ2xtc+g7TflRbdH6SDpcEwRM0qt1hNfto9dLVzOPTjienJSXv1B4wxOf28',4632,1.79602302165691566464e+09,1.79602302165890479086e+09,'done');
INSERT INTO "operations" VALUES(2,'break','J/IQOFkRVsnIA8ZFzgb48NvmrkGla8YEfpDwTjrNmi7EfS8fX+ZisPEzAUimV0Luuqtcsitp8T90KKcC1MVWmG1R9pvGhOEA',4632,1.79602302166059207919e+09,NULL,NULL);
CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL);
INSERT INTO "settings" VALUES('record','{"name": "old", "project": "labctl-old", "ports": {"gateway": 20000, "prometheus": 20001, "telemetry": 20002, "postgres": 20003, "grafana": 20004}, "bind": "127.0.0.1", "rps": 20.0, "seed": 1, "created_at": 1000000.0, "status": "running", "cpu_share": 1.0, "calibration": null}');
INSERT INTO "settings" VALUES('releases','{"payments": "2.15.0"}');
INSERT INTO "settings" VALUES('services','{"names": ["gateway", "payments"]}');
CREATE TABLE undo (number INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL, body TEXT NOT NULL);
INSERT INTO "undo" VALUES(1,1.79602302165517663948e+09,'bgn0ca+zD5V0fft+5bCdDaGvFwK8aC2BJz4T3r8S9LfBsWfkaR80RRMnNWaUhTiwRkx6KRDix72JBPM9ymI/r7Or83py2t1+Jt+pupGmjVIz05zsI9DDotrgTAIzvNMQTwZjmVluwoZG7upf3c4e9cg2ECH7WfKLHtazKsOBfv1zWTfg04TA+g==');
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('changes',1);
INSERT INTO "sqlite_sequence" VALUES('undo',1);
INSERT INTO "sqlite_sequence" VALUES('operations',2);
COMMIT;
