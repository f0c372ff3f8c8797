load "style.gp"

# The exponents of every cell against their number; the first cell with its 95 % intervals over time.
lambda(k) = 16 + 3 * k
do for [device in devices] {
    eval(open(device))
    set autoscale
    set lmargin screen 0.09
    set rmargin screen 0.97
    set bmargin screen 0.16
    set tmargin screen 0.86
    set title "{/:Bold Lyapunov spectrum}"
    set xlabel "number of the exponent"
    set ylabel "exponent [nats/step]"
    set xrange [0.5:exponents + 0.5]
    set xtics exponents > 20 ? 10 : 1
    set xzeroaxis linewidth 1 linecolor rgb black
    set key top right samplen 1.5
    plot for [k=1:exponents] data skip 1 using (k):(column(lambda(k))) with points pointtype 7 pointsize 0.9 * size linecolor rgb light_blue title (k == 1 ? "all cells" : ""), \
        for [k=1:exponents] data skip 1 every ::0::0 using (k):(column(lambda(k))):(column(lambda(k) + 1)):(column(lambda(k) + 2)) with yerrorbars pointtype 7 pointsize size linewidth 1.5 linecolor rgb orange title (k == 1 ? "cell 0, 95 % interval" : "")
    unset output
}
