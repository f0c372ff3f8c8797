# The instruction sets that the table has.
isas = ""
do for [i in all_isas] {
    stats table using (strcol(2) eq i ? 1 : 0) name "S" nooutput
    if (S_sum > 0) { isas = isas." ".i }
}
isa_title(isa) = word(isa_titles, number_of(all_isas, isa))

# The precisions whose steps have a ratio to the scalar path; without any there is nothing to draw.
precisions = ""
do for [p in "float32 float64"] {
    stats table using (strcol(1) eq "step" && strcol(3) eq p && strcol(4) eq "2-2-1" && strlen(strcol(19)) > 0 ? 1 : 0) name "S" nooutput
    if (S_sum > 0) { precisions = precisions." ".p }
}
if (words(precisions) == 0) { exit status 3 }
