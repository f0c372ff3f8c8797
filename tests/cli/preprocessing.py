"""Repeats what --save-preprocessing FILE describes, from the file that it names: writes train.csv and held.csv beside it.

usage: preprocessing.py FILE DATA   (DATA: CSV with ',' and one header line, the class name last; or an .npy array)
With NumPy where it is there, without it by plain Python; the numbers are the same."""
import csv
import json
import os
import sys

try:
    import numpy
except ImportError:
    numpy = None

with open(sys.argv[1], encoding="utf-8") as file:
    how = json.load(file)
assert how["format"] == "lyapgrad preprocessing 1"


def read(path):
    """Rows of inputs, and targets."""
    if path.endswith(".npy"):
        table = numpy.load(path)
        table = table.reshape(len(table), -1).astype(float)
        return table[:, :-1].tolist(), [[y] for y in table[:, -1].tolist()]
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    assert [field["name"] for field in how["inputs"]] == rows[0][how["skip_columns"] : -1]
    inputs = [[float(x) for x in row[how["skip_columns"] : -1]] for row in rows[1:]]
    return inputs, [[float(row[-1] == name) for name in how["classes"]] for row in rows[1:]]


inputs, targets = read(sys.argv[2])
assert len(inputs) == how["samples"]
mean = [field["mean"] for field in how["inputs"]]
deviation = [field["deviation"] for field in how["inputs"]]
if numpy:
    scaled = ((numpy.array(inputs) / how["divide_by"] - numpy.array(mean)) / numpy.array(deviation)).tolist()
else:
    scaled = [[(x / how["divide_by"] - m) / d for x, m, d in zip(row, mean, deviation)] for row in inputs]
for key, name in (("train", "train.csv"), ("held_out", "held.csv")):
    with open(os.path.join(os.path.dirname(sys.argv[1]), name), "w", encoding="utf-8") as file:
        for sample in how[key]:
            file.write(",".join(repr(float(x)) for x in scaled[sample] + targets[sample]) + "\n")
