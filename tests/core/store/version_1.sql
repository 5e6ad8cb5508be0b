-- A database as version 1 of the tables left it. Not to be changed: see core/store/schema.py.
BEGIN TRANSACTION;
CREATE TABLE details (
	run VARCHAR(80) NOT NULL, 
	curves BLOB NOT NULL, 
	scores BLOB, 
	PRIMARY KEY (run)
);
INSERT INTO "details" VALUES('old-1',X'00',NULL);
CREATE TABLE runs (
	id VARCHAR(80) NOT NULL, 
	owner VARCHAR(64) NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	created FLOAT NOT NULL, 
	ended FLOAT NOT NULL, 
	status VARCHAR(16) NOT NULL, 
	message VARCHAR(1000) NOT NULL, 
	dataset VARCHAR(80) NOT NULL, 
	task VARCHAR(40) NOT NULL, 
	config TEXT NOT NULL, 
	loss FLOAT, 
	metric FLOAT, 
	val_loss FLOAT, 
	val_metric FLOAT, 
	test_loss FLOAT, 
	test_metric FLOAT, 
	seconds FLOAT, 
	epochs FLOAT, 
	parameters BIGINT, 
	steps BIGINT, 
	test_set VARCHAR(64) NOT NULL, 
	examples INTEGER NOT NULL, 
	tags TEXT NOT NULL, 
	pinned BOOLEAN NOT NULL, 
	deleted FLOAT, 
	PRIMARY KEY (id)
);
INSERT INTO "runs" VALUES('old-1','3ba3f5f43b92602683c19aee62a20342b084dd5971ddd33808d81a328879a547','an old run',1000.0,2000.5,'finished','','iris','classification','{"dataset": "iris", "dataset_parameters": {}, "training_size": 0, "label_noise": 0.0, "imbalance": 0.0, "scaling": "standard", "augmentation_parameters": {"shift": 0.0, "rotation": 0.0, "zoom": 0.0, "flip": "none", "noise": 0.0}, "architecture": "mlp", "architecture_parameters": {"hidden_units": [16, 16]}, "activation": "relu", "initializer": "glorot_uniform", "dropout_rate": 0.0, "l1": 0.0, "l2": 0.0, "batch_normalization": false, "loss": "cross_entropy", "loss_parameters": {"label_smoothing": 0.0}, "class_weights": "none", "optimizer": "adam", "optimizer_parameters": {"beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-07}, "learning_rate": 0.01, "schedule": "constant", "schedule_parameters": {}, "clip_norm": 0.0, "batch_size": 32, "epochs": 3, "patience": 0, "seed": 0, "validation_share": 0.2}',8.33333333333333287074e-02,9.16666666666666629659e-01,0.125,0.925,0.25,0.9,1.5,3.0,379,12,'a6ce80a1e8591e02c61c6a60fcd98a08',30,'["a"]',0,NULL);
CREATE TABLE schema_version (
	number INTEGER NOT NULL
);
INSERT INTO "schema_version" VALUES(1);
CREATE INDEX runs_of_owner ON runs (owner, ended);
COMMIT;
