"""The parts of the Agents page.

May import: live, form, session.

board_editor.py  The board of a grid world, which a learner draws
choices.py       The learner's choices in the session, and the AgentConfig they add up to
commands.py      `obey`: carries out what a browser commands
link.py          Writes an AgentConfig to the address and reads it back
panel.py         The live part of the page: keeps the panel up to date
presets.py       The preset menu: fills in every choice, and says what to look for
share.py         What stands in the header: a link to these choices, and the script to take home
sidebar.py       The sidebar: every choice of the page
stage.py         `AgentStage`: what the commands of one page act on, and what the page shows of it
"""
