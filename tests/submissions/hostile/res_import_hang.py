"""category: resource
mechanism: an endless loop while the file is loaded
required: 0, timed out while loading
hits: all
expect: timed out
says: did not finish loading
"""

while True:
    pass
