# SPDX-License-Identifier: GPL-2.0-or-later
# The picture is whole XML of a decent size.
tshark -r "$HTTP1" -q -z qoe,graph,graph.svg
python3 -c '
import xml.etree.ElementTree as tree
root = tree.parse("graph.svg").getroot()
print(root.tag.split("}")[1], sum(1 for _ in root.iter()) > 50)'
