#ifndef CKERNELS_AREAS_H
#define CKERNELS_AREAS_H

#include <stdbool.h>
#include <stddef.h>

/// Where the values of a batch lie: of features along the rows, or of blocked images.
///
/// Value i of channel c in group g lies at `g * group_stride + c * stride + i`, i below `length`, a
/// multiple of 16. Rows come sixteen at a time; those from `rows` on mean nothing, but are finite in
/// values and 0 in gradients.
typedef struct {
    size_t groups, channels, length, stride, group_stride, rows;
    /// Whether the rows follow one another along the length; otherwise each group has sixteen.
    bool rows_along_length;
} LehrArea;

#endif
