// The C types of the binding. No header of libtorch is needed to read this one.
#pragma once
#include <stdint.h>

#ifdef __cplusplus
#define SQS_API extern "C" __attribute__((visibility("default")))
#else
#define SQS_API extern
#endif

// An owned tensor: one reference to libtorch's TensorImpl. Null means "no tensor" where a parameter is optional.
typedef void* sqs_tensor;

// A number that keeps its kind, because libtorch promotes element types by it.
// tag: 0 none, 1 double (bits are the IEEE pattern), 2 integer, 3 boolean.
typedef struct {
  int64_t bits;
  int64_t tag;
} sqs_scalar;

// Every function returns one of these; the message of a failure is in sqs_error_message().
enum {
  SQS_OK = 0,
  SQS_ERROR_TORCH = 1,
  SQS_ERROR_INDEX = 2,
  SQS_ERROR_OUT_OF_MEMORY = 3,
  SQS_ERROR_STANDARD = 4,
  SQS_ERROR_FOREIGN = 5
};
