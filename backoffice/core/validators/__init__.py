"""One module for each thing that has a canonical form: clean_… stores it or raises Rejected, show_… displays
it.
"""
