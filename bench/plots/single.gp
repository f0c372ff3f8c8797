# One network in lyapgrad, on OpenBLAS and in PyTorch, on a logarithmic axis: gnuplot -c bench/plots/single.gp out/bench-single
out = ARGC > 0 ? ARG1 : "out/bench-single"
load ARG0[1:strlen(ARG0) - strlen("single.gp")]."style.gp"
# Columns of single.csv: 1 task, 2 net, 4 precision, 8 program, 9 starts, 10 threads, 12 best ns.
single = out."/single.csv"
tasks = "gradient-step:784-64-10 gradient-step:64-32-10 tangent-step:784-64-10 tangent-step:64-32-10 neighbours-1:784-64-10 neighbours-3:784-64-10 neighbours-7:784-64-10 exponents-5:784-64-10"
task_titles = "'gradient step\n784-64-10' 'gradient step\n64-32-10' 'tangent step\n784-64-10' 'tangent step\n64-32-10' '1 neighbour\n784-64-10' '3 neighbours\n784-64-10' '7 neighbours\n784-64-10' '5 exponents\n784-64-10'"
other(program) = program eq "openblas" || program eq "torch" || program eq "torch-stacked"
# What is drawn: program, starts (0: another number than 16) and threads (2: more than one).
kinds = "ours:16:1 ours:0:1 ours:0:2 openblas:0:1 openblas:0:2 torch:0:1 torch:0:2 torch-stacked:0:1 torch-stacked:0:2"
kind_titles = "'lyapgrad, one of 16 starts' 'lyapgrad' 'lyapgrad, more threads' 'OpenBLAS' 'OpenBLAS, more threads' 'PyTorch' 'PyTorch, more threads' 'PyTorch, side by side' 'PyTorch, side by side, more threads'"
kind_colours = sky." ".blue." #003F66 ".yellow." #8A5A00 ".purple." #7A4B9A ".green." #00553D"
kind_of(program, starts, threads) = (other(program) ? program : "ours").":".(starts == 16 && !other(program) ? "16" : "0").":".(threads > 1 ? "2" : "1")
place_of(task, net) = number_of(tasks, task.":".net)
precision = "float64"
stats single using (strcol(4) eq "float32" && place_of(strcol(1), strcol(2)) > 0 ? 1 : 0) name "S" nooutput
if (S_sum > 0) { precision = "float32" }
wanted(kind) = strcol(4) eq precision && place_of(strcol(1), strcol(2)) > 0 && strlen(strcol(12)) > 0 && kind_of(strcol(8), $9, $10) eq kind
present = ""
do for [kind in kinds] {
    stats single using (wanted(kind) ? 1 : 0) name "S" nooutput
    if (S_sum > 0) { present = present." ".kind }
}
if (words(present) == 0) { exit status 3 }
n = words(present)
stats single using (strcol(4) eq precision && place_of(strcol(1), strcol(2)) > 0 && strlen(strcol(12)) > 0 ? $12 / 1e6 : NaN) name "T" nooutput
drawn = ""
do for [task in tasks] {
    stats single using (strcol(4) eq precision && strcol(1).":".strcol(2) eq task ? 1 : 0) name "S" nooutput
    if (S_sum > 0) { drawn = drawn." ".task }
}
axis(task, net) = number_of(drawn, task.":".net)
width = 0.8 / n
do for [device in devices] {
    eval open(device, "single")
    set title "One network: time of a step in ".precision.", shorter is better"
    set logscale y
    set ylabel "ms (log scale)"
    set yrange [T_min / 3:T_max * 8]
    set xrange [0.5:words(drawn) + 0.5]
    unset xtics
    set xtics ("" 1)
    do for [i = 1:words(drawn)] { set xtics add (word(task_titles, number_of(tasks, word(drawn, i))) i) }
    set bmargin 7
    set key at screen 0.5, 0.01 center bottom horizontal samplen 1.5 width -1 maxrows 3
    set boxwidth width * 0.95
    place(i) = axis(strcol(1), strcol(2)) + (i - (n + 1) / 2.0) * width
    plot for [i = 1:n] single using (wanted(word(present, i)) ? place(i) : NaN):($12 / 1e6) with boxes \
            linecolor rgb word(kind_colours, number_of(kinds, word(present, i))) title word(kind_titles, number_of(kinds, word(present, i))), \
         for [i = 1:n] single using (wanted(word(present, i)) ? place(i) : NaN):($12 / 1e6):(sprintf("%.3g", $12 / 1e6)) \
            with labels font ",9" rotate by 90 left offset 0,0.3 notitle
    unset output
}
