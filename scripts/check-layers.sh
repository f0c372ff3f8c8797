#!/bin/sh
# Dependencies point down, as src/README.md says in its table: what a file of src/ or simd/ includes, public headers among it, and what it
# calls, is in its own folder or in folders above its line there. No files depend on each other in a circle, by includes or calls. Programs
# include of the library what is public, and the folders for all. Intrinsics are in simd/isa/ alone. Every source file is compiled. tests/ has
# the folders of src/ and those in the table of tests/README.md.
# Run at the top of the tree with the build directory and its object files; $NM is the lister of symbols.
set -eu
nm=${NM:-nm}
symbols=$(mktemp)
trap 'rm -f "$symbols"' EXIT
[ $# -gt 1 ] || { echo "usage: check-layers.sh BUILD OBJECT..." >&2; exit 2; }
build=$1
shift
for object; do
    source=${object#"$build/"}
    echo "object ${source%.o}.c"
    "$nm" -g "$object"
done > "$symbols"
failed=0

for folder in tests/*/; do
    name=${folder#tests/}
    name=${name%/}
    grep -q "^| $name |" src/README.md tests/README.md || { echo "check-layers: $folder is no folder of src/ and in no row of tests/README.md" >&2; failed=1; }
done

# shellcheck disable=SC2046 # names of this tree have no spaces
awk '
    function fail(text) { print "check-layers: " text > "/dev/stderr"; bad++ }
    function folder_of(file,   part) {
        if (file ~ /^simd\//) return "simd"
        if (file ~ /^include\//) return header[substr(file, 9)]
        split(file, part, "/")
        return part[3] == "" ? top : part[2]
    }
    function depends(from, to, where,   a, b) {
        a = folder_of(from)
        b = folder_of(to)
        if (rank[b] > rank[a]) fail(where ": " a " depends on " b ", which is above it")
        if (use[a] == "program" && use[b] == "library" && to ~ /\.h$/ && to !~ /^include\//) fail(where ": " to " is internal to the library")
        if (from == to || (from, to) in known) return
        known[from, to] = files_with[from] = 1
        down[from, ++downs[from]] = to
    }
    # Whether file `u` depends on `goal`, over others or not. `reached` are those that were asked.
    function reaches(u, goal,   i) {
        for (i = 1; i <= downs[u]; i++) {
            if (down[u, i] == goal) return 1
            if (down[u, i] in reached) continue
            reached[down[u, i]] = 1
            if (reaches(down[u, i], goal)) return 1
        }
        return 0
    }
    FNR == 1 { part++ }
    # The table: | folder | holds | public headers | use |
    part == 1 {
        if (split($0, cell, /[ ]*\|[ ]*/) < 6 || cell[2] !~ /^[a-z_]+$/ || cell[2] == "folder") next
        rank[cell[2]] = ++folders
        top = cell[2]
        use[cell[2]] = cell[5]
        count = split(cell[4], word, /[ ,]+/)
        for (i = 1; i <= count; i++) if (word[i] != "") header["lyapgrad/" word[i] ".h"] = cell[2]
        next
    }
    # Symbols, with those that are weak or local to a compiler left out.
    part == 2 && $1 == "object" { object = $2; compiled[object] = 1; next }
    part == 2 && NF == 2 && $1 ~ /^[Uwv]$/ { wants[++calls] = object; wanted[calls] = $2; next }
    part == 2 && NF == 3 && $2 ~ /^[TRDBCS]$/ { home[$3] = object; next }
    part == 2 { next }
    FNR == 1 {
        files++
        exists[FILENAME] = 1
        own = folder_of(FILENAME)
        if (!(own in rank)) fail(FILENAME " is in no row of the table in src/README.md")
        if (FILENAME ~ /^src\/.*\/.*\/.*\//) fail(FILENAME " is too deep: a folder of src/ has folders of its own at most")
        if (FILENAME ~ /^src\/.*\.c$/ && !(FILENAME in compiled)) fail(FILENAME " is not compiled")
        used[own] = 1
    }
    FILENAME !~ /^simd\/isa\// && (/^[ \t]*#[ \t]*include[ \t]*<([a-z0-9_]*intrin|arm_[a-z]*)\.h>/ || /__builtin_(ia32|neon|aarch64)_|_mm(256|512)?_[a-z]/) { fail(FILENAME ":" FNR ": intrinsics outside simd/isa/") }
    /^[ \t]*#[ \t]*include[ \t]*[A-Za-z_]/ && !/LYAP_VEC_HEADER/ { fail(FILENAME ":" FNR ": an include names its file") }
    /^[ \t]*#[ \t]*include[ \t]*("|<lyapgrad\/)/ {
        gsub(/[<>]/, "\"")
        split($0, quoted, "\"")
        place[++includes] = FILENAME ":" FNR
        from[includes] = FILENAME
        to[includes] = quoted[2] ~ /^lyapgrad\// ? "include/" quoted[2] : quoted[2] ~ /^(simd|bench|tests)\// ? quoted[2] : "src/" quoted[2]
    }
    END {
        for (file in compiled) if (!(file in exists) && file !~ /^simd\/(kernels|passes|one)_/) fail(file " has an object and is no file")
        for (name in rank) if (!(name in used)) fail("the folder " name " of the table in src/README.md has no file")
        for (i = 1; i <= includes; i++) {
            if (to[i] in exists) depends(from[i], to[i], place[i] " includes " to[i])
            else fail(place[i] " includes " to[i] ", which is no file of src/, simd/ or include/lyapgrad/")
        }
        for (i = 1; i <= calls; i++) if (wanted[i] in home) depends(wants[i], home[wanted[i]], wants[i] " calls " wanted[i] " of " home[wanted[i]])
        for (u in files_with) {
            split("", reached)
            if (reaches(u, u)) {
                text = ""
                for (i = 1; i <= downs[u]; i++) {
                    split("", reached)
                    if (down[u, i] == u || reaches(down[u, i], u)) text = text " " down[u, i]
                }
                fail("in a circle: " u " depends on" text)
            }
        }
        if (!bad) printf "check-layers: %d files in %d folders, %d includes and %d calls, all down, no circle\n", files, folders, includes, calls
        exit bad > 0
    }' src/README.md "$symbols" $(find src simd include/lyapgrad -name '*.[ch]' | LC_ALL=C sort) || failed=1
exit $failed
