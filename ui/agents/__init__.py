"""The parts of the Agents page.

May import: live, form, session.

board_editor.py  The board of a grid world, which a learner draws
"""
