#include "CDNNL.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>

#define TEXT_OF(number) #number
#define TEXT(number) TEXT_OF(number)
// The name of the version whose header was compiled: another may take other arguments.
#define LIBRARY "libdnnl.so." TEXT(DNNL_VERSION_MAJOR)

static struct {
    __typeof__(&dnnl_sgemm) sgemm;
    __typeof__(&dnnl_get_effective_cpu_isa) effective_isa;
    __typeof__(&dnnl_version) version;
    void (*set_thread_count)(int);
} functions;

static char fault[512];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void *find(void *library, const char *name) {
    void *function = dlsym(library, name);
    if (function == NULL && fault[0] == 0)
        snprintf(fault, sizeof fault, "%s has no %s", LIBRARY, name);
    return function;
}

static void load(void) {
    void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_GLOBAL);
    if (library == NULL) {
        const char *reason = dlerror();
        snprintf(fault, sizeof fault, "%s", reason != NULL ? reason : LIBRARY " cannot be loaded");
        return;
    }
    functions.sgemm = (__typeof__(functions.sgemm))find(library, "dnnl_sgemm");
    functions.effective_isa =
        (__typeof__(functions.effective_isa))find(library, "dnnl_get_effective_cpu_isa");
    functions.version = (__typeof__(functions.version))find(library, "dnnl_version");
    // Found in the library's own dependencies.
    functions.set_thread_count = (void (*)(int))find(library, "omp_set_num_threads");
}

const char *cdnnl_fault(void) {
    pthread_once(&once, load);
    return fault[0] != 0 ? fault : NULL;
}

dnnl_status_t cdnnl_sgemm(
    char transa, char transb, dnnl_dim_t m, dnnl_dim_t n, dnnl_dim_t k, float alpha, const float *a,
    dnnl_dim_t lda, const float *b, dnnl_dim_t ldb, float beta, float *c, dnnl_dim_t ldc) {
    if (cdnnl_fault() != NULL) return dnnl_runtime_error;
    return functions.sgemm(transa, transb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
}

dnnl_cpu_isa_t cdnnl_effective_isa(void) {
    return cdnnl_fault() != NULL ? dnnl_cpu_isa_all : functions.effective_isa();
}

const dnnl_version_t *cdnnl_version(void) {
    return cdnnl_fault() != NULL ? NULL : functions.version();
}

void cdnnl_set_thread_count(int count) {
    if (cdnnl_fault() == NULL) functions.set_thread_count(count);
}
