/* Memory that runs out on demand. The linker's --wrap sends every call of an allocator in the test program, the library's with
 * them, here; a case is run again and again with another allocation refused. Blocks are kept in a list while a case runs, so
 * that what a refused one leaves behind shows. */
#ifndef LYAP_TEST_INJECT_H
#define LYAP_TEST_INJECT_H

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "lyapgrad/digest.h"
#include "tests/support.h"

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
void __real_free(void *block);
char *__real_strdup(const char *text);
char *__real_realpath(const char *path, char *resolved);
FILE *__real_open_memstream(char **text, size_t *size);
FILE *__real_fopen(const char *path, const char *mode);
FILE *__real_fdopen(int descriptor, const char *mode);
int __real_fclose(FILE *file);
FILE *__real_tmpfile(void);
DIR *__real_opendir(const char *path);

enum { MOST_BLOCKS = 1 << 16, MOST_SITES = 1024 };

/* The places in the program that allocate, over all tests: these run in processes of their own, so the list is shared. */
struct sites {
    int count;
    void *at[MOST_SITES];
    bool refused[MOST_SITES];
};
static struct sites *sites;

static struct {
    pthread_mutex_t lock; /* threads of the library allocate too */
    bool armed;
    unsigned long count, refused; /* allocations since the arming, and those refused of them */
    unsigned long at;             /* the one to refuse, from 1; 0 for none */
    bool onwards;                 /* and all behind it */
    int site, met[MOST_SITES];    /* or the first one of this site, -1 for none */
    FILE *stream;                 /* the open one in memory, and where its text will be */
    char **text;
    size_t blocks;
    void *block[MOST_BLOCKS];
} inject = {.lock = PTHREAD_MUTEX_INITIALIZER, .site = -1};

static inline int site_of(void *from) {
    for (int i = 0; i < sites->count; i++)
        if (sites->at[i] == from) return i;
    if (sites->count == MOST_SITES) abort();
    sites->at[sites->count] = from;
    return sites->count++;
}

/* Whether this allocation is to fail; then errno says why. */
static inline bool refuse(void *from) {
    if (!inject.armed) return false;
    pthread_mutex_lock(&inject.lock);
    int site = site_of(from);
    unsigned long n = ++inject.count;
    bool now = (inject.at && (n == inject.at || (inject.onwards && n > inject.at))) ||
               (site == inject.site && inject.met[site] == 0);
    inject.met[site]++;
    if (now) sites->refused[site] = true;
    inject.refused += now;
    pthread_mutex_unlock(&inject.lock);
    if (now) errno = ENOMEM;
    return now;
}

static inline void *note(void *block) {
    if (!block || !inject.armed) return block;
    pthread_mutex_lock(&inject.lock);
    if (inject.blocks == MOST_BLOCKS) abort();
    inject.block[inject.blocks++] = block;
    pthread_mutex_unlock(&inject.lock);
    return block;
}

static inline void forget(const void *block) {
    if (!block || !inject.armed) return;
    pthread_mutex_lock(&inject.lock);
    for (size_t i = inject.blocks; i-- > 0;) /* the last ones go first, as a rule */
        if (inject.block[i] == block) {
            inject.block[i] = inject.block[--inject.blocks];
            break;
        }
    pthread_mutex_unlock(&inject.lock);
}

#define HERE __builtin_return_address(0)

void *__wrap_malloc(size_t size);
void *__wrap_malloc(size_t size) {
    return refuse(HERE) ? NULL : note(__real_malloc(size));
}

void *__wrap_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size) {
    return refuse(HERE) ? NULL : note(__real_calloc(count, size));
}

void *__wrap_realloc(void *old, size_t size);
void *__wrap_realloc(void *old, size_t size) {
    if (refuse(HERE)) return NULL;
    forget(old);
    return note(__real_realloc(old, size));
}

void *__wrap_aligned_alloc(size_t alignment, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size) {
    return refuse(HERE) ? NULL : note(__real_aligned_alloc(alignment, size));
}

void __wrap_free(void *block);
void __wrap_free(void *block) {
    forget(block);
    __real_free(block);
}

/* What allocates inside the C library: the call fails as a whole. */
char *__wrap_strdup(const char *text);
char *__wrap_strdup(const char *text) {
    return refuse(HERE) ? NULL : note(__real_strdup(text));
}

char *__wrap_realpath(const char *path, char *resolved);
char *__wrap_realpath(const char *path, char *resolved) {
    if (refuse(HERE)) return NULL;
    char *real = __real_realpath(path, resolved);
    return resolved ? real : note(real);
}

FILE *__wrap_open_memstream(char **text, size_t *size);
FILE *__wrap_open_memstream(char **text, size_t *size) {
    FILE *file = refuse(HERE) ? NULL : __real_open_memstream(text, size);
    if (!file) return NULL;
    inject.stream = file;
    inject.text = text;
    return file;
}

/* The last allocation of a stream in memory is made as it is closed, when its buffer is cut to size: where that fails glibc gives no
 * text and no failure either. Such streams are open one at a time. */
int __wrap_fclose(FILE *file);
int __wrap_fclose(FILE *file) {
    if (file != inject.stream) return __real_fclose(file);
    inject.stream = NULL;
    const bool now = refuse(HERE);
    const int status = __real_fclose(file);
    if (!now) return status;
    __real_free(*inject.text);
    *inject.text = NULL;
    return 0;
}

FILE *__wrap_fopen(const char *path, const char *mode);
FILE *__wrap_fopen(const char *path, const char *mode) {
    return refuse(HERE) ? NULL : __real_fopen(path, mode);
}

FILE *__wrap_fdopen(int descriptor, const char *mode);
FILE *__wrap_fdopen(int descriptor, const char *mode) {
    return refuse(HERE) ? NULL : __real_fdopen(descriptor, mode);
}

FILE *__wrap_tmpfile(void);
FILE *__wrap_tmpfile(void) {
    return refuse(HERE) ? NULL : __real_tmpfile();
}

DIR *__wrap_opendir(const char *path);
DIR *__wrap_opendir(const char *path) {
    return refuse(HERE) ? NULL : __real_opendir(path);
}

/* Reads a file whole; NULL where there is none. */
static inline char *contents(const char *path, size_t *size) {
    FILE *file = fopen(path, "rb");
    if (!file) return NULL;
    const size_t size_of_text = 1 << 24;
    char *text = malloc(size_of_text);
    ck_assert_ptr_nonnull(text);
    *size = fread(text, 1, size_of_text - 1, file);
    text[*size] = '\0';
    fclose(file);
    return text;
}

/* Of all files in a directory, by name: what they hold. The file `but`, if any, is left out. */
static inline uint64_t digest_files(const char *directory, const char *but) {
    struct dirent **entries;
    uint64_t digest = LYAP_DIGEST_START;
    int n = scandir(directory, &entries, NULL, alphasort);
    for (int i = 0; i < n; i++) {
        size_t size = 0;
        char path[1024], *text;
        snprintf(path, sizeof path, "%s/%s", directory, entries[i]->d_name);
        bool hidden = entries[i]->d_name[0] == '.' || (but && strcmp(entries[i]->d_name, but) == 0);
        for (const char *c = entries[i]->d_name; *c; c++) digest = lyap_digest_u64(digest, (uint64_t)*c);
        free(entries[i]);
        if (hidden || !(text = contents(path, &size))) continue;
        for (size_t b = 0; b < size; b++) digest = lyap_digest_u64(digest, (uint64_t)text[b]);
        free(text);
    }
    if (n >= 0) free(entries);
    return digest;
}

/* The list of sites, and with a file's name in LYAPGRAD_ALLOCATION_SITES what became of them, as distances from main. */
static inline void sites_open(void) {
    sites = mmap(NULL, sizeof *sites, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (sites == MAP_FAILED) abort();
}

static inline void sites_write(const void *origin) {
    const char *path = getenv("LYAPGRAD_ALLOCATION_SITES");
    FILE *file = path ? fopen(path, "w") : NULL;
    for (int i = 0; file && i < sites->count; i++)
        fprintf(file, "%lld %d\n", (long long)((intptr_t)sites->at[i] - (intptr_t)origin), sites->refused[i]);
    if (file) fclose(file);
}

#endif
