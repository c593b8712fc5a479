#ifndef CDNNL_H
#define CDNNL_H

#include <oneapi/dnnl/dnnl.h>

// The few functions of oneDNN that are used, without linking it: the library is loaded by the first of
// them that is called, so that a process which computes nothing starts without it.

/// Why oneDNN cannot be used; NULL where it can. Loads it.
const char *cdnnl_fault(void);

/// As dnnl_sgemm; dnnl_runtime_error without the library.
dnnl_status_t cdnnl_sgemm(
    char transa, char transb, dnnl_dim_t m, dnnl_dim_t n, dnnl_dim_t k, float alpha, const float *a,
    dnnl_dim_t lda, const float *b, dnnl_dim_t ldb, float beta, float *c, dnnl_dim_t ldc);

/// As dnnl_get_effective_cpu_isa; dnnl_cpu_isa_all without the library.
dnnl_cpu_isa_t cdnnl_effective_isa(void);

/// As dnnl_version; NULL without the library.
const dnnl_version_t *cdnnl_version(void);

/// As omp_set_num_threads of the OpenMP that oneDNN computes with; nothing without the library.
void cdnnl_set_thread_count(int count);

#endif
