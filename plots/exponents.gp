load "style.gp"

# The exponents of every cell against their number; the first cell with its 95 % intervals over time.
lambda(k) = 16 + 3 * k
# Cells stand side by side over their number, so that equal ones do not hide each other.
aside(k, cell) = k + 0.6 * (cell + 1) / (cells + 1) - 0.3
stats data skip 1 using 1 nooutput
cells = STATS_max + 1
do for [device in devices] {
    eval(open(device))
    set autoscale
    set lmargin screen 0.09
    set rmargin screen 0.97
    set bmargin screen 0.16
    set tmargin screen 0.86
    set title "{/:Bold Lyapunov spectrum}"
    set xlabel "number of the exponent"
    set ylabel "exponent (nats/step)"
    set xrange [0.5:exponents + 0.5]
    set xtics exponents > 20 ? 10 : 1
    set xzeroaxis linewidth 1 linecolor rgb black
    set key top right samplen 1.5
    plot for [k=1:exponents] data skip 1 using (aside(k, column(1))):(column(lambda(k))) with points pointtype 6 pointsize 0.8 * size linewidth 1 linecolor rgb blue title (k == 1 ? "every cell, side by side" : ""), \
        for [k=1:exponents] data skip 1 every ::0::0 using (aside(k, 0)):(column(lambda(k))):(column(lambda(k) + 1)):(column(lambda(k) + 2)) with yerrorbars pointtype 7 pointsize size linewidth 1.5 linecolor rgb orange title (k == 1 ? "cell 0, 95 % interval" : "")
    unset output
}
