"""The sidebar and what belongs to it: widgets, layer editor, table upload, presets, sharing, links.

May import: session.

address.py        The address of a page: noticed when somebody opens it, written when choices change
augmentation.py   A preview of augmented images: one of each class, redrawn on request
choice.py         A field's widget, several in a row, or a group that is drawn once it is opened
drawing.py       A field whose value a learner draws in the browser
form_state.py     The learner's choices in the session, and the RunConfig they add up to
layer_editor.py   The layer editor: add, remove, move and set layers
layer_list.py     The list of layers in the session, with undo
lr_finder.py      The learning-rate finder: start it, see its curve, adopt the rate it found
permalink.py      Writes a RunConfig to the address and reads it back
points_editor.py  The board where a learner places points by clicking
presets.py        The preset menu: fills in every choice, and says what to look for
schedule.py       The preview of a learning-rate schedule beside its choices
share.py          Share: a link to this config, with controls hidden or locked for a class
sidebar.py        The sidebar: every choice of the Playground, from dataset to early stopping
start_section.py  What a run starts from, and which layers it takes over
starts.py         Fills in a dataset's good start when it is chosen, except what was set by hand
table_upload.py   The learner's own table: upload it, check it, choose target and inputs
take_home.py      Take it home: download a run as files, or open a saved config
upload_limits.py  Limits on uploads, checked before the server keeps a byte
view.py           How the stage is looked at, as a link says it: Auto-train, filled card, projector, example
widgets.py        Draws each kind of parameter as a widget, by a table
"""
