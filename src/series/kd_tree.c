/* Neighbours among delay vectors by a balanced k-d tree with bounding boxes.
 *
 * Every node at one depth holds the same number of vectors up to one, so the tree needs no pointers: node i has the
 * children 2i+1 and 2i+2, and a node of c vectors gives floor(c/2) to the first. Within a node vectors are ordered by
 * (coordinate, index), a total order, so the tree is the same wherever it is built.
 *
 * A box is passed over only when its distance exceeds the limit. That distance is computed by the same operations in the
 * same order as the distance of a vector, on differences that are no larger, and rounding is monotonic: no vector within
 * the limit is ever lost, and equal distances are always seen, to be ordered by index. */
#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "series/kd_tree.h"

enum { LEAF = 12 }; /* vectors in a leaf, at most */

struct lyap_tree {
    const struct lyap_embedding *embedding;
    size_t count, dimension;
    size_t inner;   /* nodes with children: 2^depth - 1 */
    size_t *index;  /* [count], the vectors in tree order */
    double *points; /* [count][dimension], their coordinates in that order */
    double *box;    /* [2 inner + 1][2][dimension], lowest and highest coordinates */
    bool *flat;     /* [2 inner + 1], all vectors of the node are equal */
};

/* Order of two vectors along one coordinate. */
static bool before(const struct lyap_tree *tree, size_t a, size_t b, size_t k) {
    double x = lyap_coordinate(tree->embedding, a, k), y = lyap_coordinate(tree->embedding, b, k);
    return x < y || (x == y && a < b);
}

/* Hoare's selection: puts the `middle` first vectors of index[count] along coordinate k in front. The order is total, so
 * which vectors these are does not depend on the pivots. */
static void split(const struct lyap_tree *tree, size_t *index, size_t count, size_t middle, size_t k) {
    size_t low = 0, high = count - 1;
    while (low < high) {
        size_t pivot = index[low + (high - low) / 2], i = low, j = high;
        for (;;) {
            while (before(tree, index[i], pivot, k)) i++;
            while (before(tree, pivot, index[j], k)) j--;
            if (i >= j) break;
            size_t swap = index[i];
            index[i++] = index[j];
            index[j--] = swap;
            if (i > j) break;
        }
        /* index[low..j] come before index[i..high]; where the two met on the pivot, i == j */
        if (i == j) {
            if (middle <= i) {
                if (i == low) return;
                high = i - 1;
            } else {
                low = i + 1;
            }
        } else if (middle <= j) {
            high = j;
        } else {
            low = i;
        }
        if (middle < low || middle > high) return;
    }
}

static void enclose(struct lyap_tree *tree, size_t node, const size_t *index, size_t count) {
    double *low = tree->box + 2 * tree->dimension * node, *high = low + tree->dimension;
    tree->flat[node] = true;
    for (size_t k = 0; k < tree->dimension; k++) {
        low[k] = high[k] = lyap_coordinate(tree->embedding, index[0], k);
        for (size_t i = 1; i < count; i++) {
            double x = lyap_coordinate(tree->embedding, index[i], k);
            if (x < low[k]) low[k] = x;
            if (x > high[k]) high[k] = x;
        }
        if (low[k] < high[k]) tree->flat[node] = false;
    }
}

/* Halves the node along the longest side of its box, and goes on with the halves. */
static void build(struct lyap_tree *tree, size_t node, size_t first, size_t count) {
    enclose(tree, node, tree->index + first, count);
    if (node >= tree->inner) return;
    const double *low = tree->box + 2 * tree->dimension * node, *high = low + tree->dimension;
    size_t side = 0;
    for (size_t k = 1; k < tree->dimension; k++)
        if (high[k] - low[k] > high[side] - low[side]) side = k;
    split(tree, tree->index + first, count, count / 2, side);
    build(tree, 2 * node + 1, first, count / 2);
    build(tree, 2 * node + 2, first + count / 2, count - count / 2);
}

struct lyap_tree *lyap_tree_new(const struct lyap_embedding *e, size_t count) {
    struct lyap_tree *tree = calloc(1, sizeof *tree);
    if (!tree || count == 0) return tree;
    tree->embedding = e;
    tree->count = count;
    tree->dimension = e->dimension;
    for (size_t leaves = 1; (count + leaves - 1) / leaves > LEAF; leaves *= 2) tree->inner += leaves;
    size_t nodes = 2 * tree->inner + 1, per_vector = e->dimension * sizeof(double);
    if (count <= SIZE_MAX / per_vector / 4) {
        tree->index = malloc(count * sizeof *tree->index);
        tree->points = malloc(count * per_vector);
        tree->box = malloc(nodes * 2 * per_vector);
        tree->flat = malloc(nodes * sizeof *tree->flat);
    }
    if (!tree->index || !tree->points || !tree->box || !tree->flat) {
        lyap_tree_free(tree);
        return NULL;
    }
    for (size_t i = 0; i < count; i++) tree->index[i] = i;
    build(tree, 0, 0, count);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < tree->dimension; k++)
            tree->points[i * tree->dimension + k] = lyap_coordinate(e, tree->index[i], k);
    return tree;
}

void lyap_tree_free(struct lyap_tree *tree) {
    if (!tree) return;
    free(tree->index);
    free(tree->points);
    free(tree->box);
    free(tree->flat);
    free(tree);
}

/* Distances are compared as measures: the distance itself in the maximum norm, its square in the Euclidean one. */
static double combine(double measure, double difference, enum lyap_norm norm) {
    if (norm == LYAP_NORM_EUCLIDEAN) return measure + difference * difference;
    return difference > measure ? difference : measure;
}

static double measure_of(double distance, enum lyap_norm norm) {
    return norm == LYAP_NORM_EUCLIDEAN ? distance * distance : distance;
}

/* A walk over the tree from one centre. */
struct walk {
    const struct lyap_tree *tree;
    const struct lyap_query *query;
    double centre[LYAP_SERIES_MAX_DIMENSION];
    double low; /* measure of query->low */
    bool copy;  /* an equal vector was met outside the Theiler window */
};

struct pending {
    size_t node, first, count;
    double measure;
};

static void walk_begin(struct walk *walk, const struct lyap_tree *tree, const struct lyap_query *query) {
    walk->tree = tree;
    walk->query = query;
    walk->low = measure_of(query->low, query->norm);
    walk->copy = false;
    for (size_t k = 0; k < tree->dimension; k++) walk->centre[k] = lyap_coordinate(tree->embedding, query->centre, k);
}

static double box_measure(const struct walk *walk, size_t node) {
    size_t dimension = walk->tree->dimension;
    const double *low = walk->tree->box + 2 * dimension * node, *high = low + dimension;
    double measure = 0;
    for (size_t k = 0; k < dimension; k++) {
        double x = walk->centre[k];
        double difference = x < low[k] ? low[k] - x : x > high[k] ? x - high[k] : 0;
        measure = combine(measure, difference, walk->query->norm);
    }
    return measure;
}

static double point_measure(const struct walk *walk, size_t position) {
    size_t dimension = walk->tree->dimension;
    const double *point = walk->tree->points + position * dimension;
    double measure = 0;
    for (size_t k = 0; k < dimension; k++)
        measure = combine(measure, fabs(walk->centre[k] - point[k]), walk->query->norm);
    return measure;
}

static bool outside(const struct walk *walk, size_t index) {
    size_t centre = walk->query->centre;
    return (index > centre ? index - centre : centre - index) > walk->query->theiler;
}

/* True when vector `index` at this measure is a neighbour as far as the lower limit goes. */
static bool counts(struct walk *walk, size_t index, double measure) {
    if (!outside(walk, index)) return false;
    if (measure > 0) return measure >= walk->low;
    walk->copy = true;
    return false;
}

/* A node of nothing but copies of the centre: notes them without a look at each. */
static bool all_copies(struct walk *walk, const struct pending *p) {
    if (p->measure > 0 || !walk->tree->flat[p->node]) return false;
    for (size_t i = p->first; i < p->first + p->count && !walk->copy; i++)
        walk->copy = outside(walk, walk->tree->index[i]);
    return true;
}

static void children(const struct walk *walk, const struct pending *p, struct pending child[2]) {
    size_t half = p->count / 2;
    child[0] = (struct pending){2 * p->node + 1, p->first, half, box_measure(walk, 2 * p->node + 1)};
    child[1] = (struct pending){2 * p->node + 2, p->first + half, p->count - half, box_measure(walk, 2 * p->node + 2)};
}

/* Inserts into the ordered list out[*found], which holds at most `wanted`. */
static void insert(struct lyap_neighbour *out, size_t *found, size_t wanted, size_t index, double measure) {
    size_t at = *found < wanted ? (*found)++ : wanted - 1;
    for (; at > 0; at--) {
        const struct lyap_neighbour *left = &out[at - 1];
        if (left->distance < measure || (left->distance == measure && left->index < index)) break;
        out[at] = *left;
    }
    out[at] = (struct lyap_neighbour){index, measure};
}

size_t lyap_tree_nearest(const struct lyap_tree *tree, const struct lyap_query *query, size_t wanted,
                         struct lyap_neighbour *out, bool *copy) {
    if (tree->count == 0 || wanted == 0) return 0;
    struct walk walk;
    struct pending stack[128], child[2];
    size_t depth = 0, found = 0;
    double limit = measure_of(query->high, query->norm);
    walk_begin(&walk, tree, query);
    stack[depth++] = (struct pending){0, 0, tree->count, box_measure(&walk, 0)};
    while (depth > 0) {
        struct pending p = stack[--depth];
        if (p.measure > limit || all_copies(&walk, &p)) continue;
        if (p.node < tree->inner) {
            children(&walk, &p, child);
            int near = child[1].measure < child[0].measure; /* the nearer one is taken first */
            stack[depth++] = child[1 - near];
            stack[depth++] = child[near];
            continue;
        }
        for (size_t i = p.first; i < p.first + p.count; i++) {
            double measure = point_measure(&walk, i);
            if (measure > limit || !counts(&walk, tree->index[i], measure)) continue;
            if (found == wanted && measure == limit && tree->index[i] > out[wanted - 1].index) continue;
            insert(out, &found, wanted, tree->index[i], measure);
            if (found == wanted) limit = out[wanted - 1].distance;
        }
    }
    if (query->norm == LYAP_NORM_EUCLIDEAN)
        for (size_t i = 0; i < found; i++) out[i].distance = sqrt(out[i].distance);
    if (walk.copy) *copy = true;
    return found;
}

static bool append(struct lyap_index_list *list, size_t index) {
    if (list->count == list->room) {
        size_t room = list->room ? 2 * list->room : 256;
        size_t *items = room <= SIZE_MAX / sizeof *items ? realloc(list->items, room * sizeof *items) : NULL;
        if (!items) return false;
        list->items = items;
        list->room = room;
    }
    list->items[list->count++] = index;
    return true;
}

static int by_index(const void *a, const void *b) {
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return (x > y) - (x < y);
}

static void sort_indices(size_t *items, size_t count) {
    if (count > 64) {
        qsort(items, count, sizeof *items, by_index);
        return;
    }
    for (size_t i = 1; i < count; i++) {
        size_t item = items[i], at = i;
        for (; at > 0 && items[at - 1] > item; at--) items[at] = items[at - 1];
        items[at] = item;
    }
}

bool lyap_tree_within(const struct lyap_tree *tree, const struct lyap_query *query, struct lyap_index_list *list) {
    list->count = 0;
    if (tree->count == 0) return true;
    struct walk walk;
    struct pending stack[128], child[2];
    size_t depth = 0;
    double limit = measure_of(query->high, query->norm);
    walk_begin(&walk, tree, query);
    stack[depth++] = (struct pending){0, 0, tree->count, box_measure(&walk, 0)};
    while (depth > 0) {
        struct pending p = stack[--depth];
        if (p.measure > limit || all_copies(&walk, &p)) continue;
        if (p.node < tree->inner) {
            children(&walk, &p, child);
            stack[depth++] = child[1];
            stack[depth++] = child[0];
            continue;
        }
        for (size_t i = p.first; i < p.first + p.count; i++) {
            double measure = point_measure(&walk, i);
            if (measure <= limit && counts(&walk, tree->index[i], measure) && !append(list, tree->index[i]))
                return false;
        }
    }
    sort_indices(list->items, list->count);
    return true;
}
