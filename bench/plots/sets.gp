# The instruction sets that the table has.
isas = ""
do for [i in all_isas] {
    stats table using (strcol(2) eq i ? 1 : 0) name "S" nooutput
    if (S_sum > 0) { isas = isas." ".i }
}
isa_title(isa) = word(isa_titles, number_of(all_isas, isa))
