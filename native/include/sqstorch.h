// The hand-written half of the binding; the operations are in sqstorch_ops.g.h.
// Unless said otherwise a function returns a status (SQS_OK or SQS_ERROR_...), writes its result through `out`
// parameters, and gives owned handles, which the caller releases.
#pragma once
#include "sqstorch_types.h"

// ---- errors -------------------------------------------------------------------------------------------------------
// The message of the last failure on the calling thread; valid until the next failure.
SQS_API const char* sqs_error_message(void);
// Throws inside the guard, for tests: 0 c10::Error, 1 std::bad_alloc, 2 std::length_error, 3 an int.
SQS_API int32_t sqs_error_raise(int32_t kind);

// ---- runtime ------------------------------------------------------------------------------------------------------
// out[0..2] = libtorch's version, out[3] = 1 where CUDA functions were compiled in.
SQS_API int32_t sqs_runtime_version(int64_t* out);
SQS_API int32_t sqs_runtime_get_num_threads(int32_t* out);
SQS_API int32_t sqs_runtime_set_num_threads(int32_t count);
// Writes at most `capacity` bytes of libtorch's configuration text and its full length.
SQS_API int32_t sqs_runtime_config(char* buffer, int64_t capacity, int64_t* out_length);

// ---- memory -------------------------------------------------------------------------------------------------------
// Makes the caching allocator libtorch's allocator for CPU memory. Only before the first tensor.
SQS_API int32_t sqs_memory_install(void);
// Bytes that tensors on the CPU may hold together; 0 = no limit.
SQS_API int32_t sqs_memory_set_limit(int64_t bytes);
// out = bytes in use, highest bytes in use, bytes kept for reuse, limit.
SQS_API int32_t sqs_memory_stats(int64_t* out);
SQS_API int32_t sqs_memory_reset_peak(void);
// Gives kept blocks back to the system.
SQS_API int32_t sqs_memory_trim(void);

// ---- tensors ------------------------------------------------------------------------------------------------------
SQS_API int32_t sqs_tensor_release(sqs_tensor tensor);
SQS_API int32_t sqs_tensor_release_many(const sqs_tensor* tensors, int64_t count);
// Hands out the tensors of the last operation of this thread that returned a list, in order.
SQS_API int32_t sqs_tensor_take_results(sqs_tensor* out, int64_t count);
// A second handle to the same tensor.
SQS_API int32_t sqs_tensor_alias(sqs_tensor tensor, sqs_tensor* out);
SQS_API int32_t sqs_tensor_dim(sqs_tensor tensor, int64_t* out);
SQS_API int32_t sqs_tensor_numel(sqs_tensor tensor, int64_t* out);
SQS_API int32_t sqs_tensor_size(sqs_tensor tensor, int64_t dim, int64_t* out);
SQS_API int32_t sqs_tensor_sizes(sqs_tensor tensor, int64_t* out, int64_t capacity);
SQS_API int32_t sqs_tensor_strides(sqs_tensor tensor, int64_t* out, int64_t capacity);
SQS_API int32_t sqs_tensor_dtype(sqs_tensor tensor, int32_t* out);
SQS_API int32_t sqs_tensor_element_size(sqs_tensor tensor, int64_t* out);
SQS_API int32_t sqs_tensor_device(sqs_tensor tensor, int32_t* out_type, int32_t* out_index);
SQS_API int32_t sqs_tensor_is_contiguous(sqs_tensor tensor, int32_t memory_format, uint8_t* out);
SQS_API int32_t sqs_tensor_data_ptr(sqs_tensor tensor, void** out);
SQS_API int32_t sqs_tensor_item_double(sqs_tensor tensor, double* out);
SQS_API int32_t sqs_tensor_item_long(sqs_tensor tensor, int64_t* out);
// Copies all elements in row-major order to or from `bytes` bytes of host memory.
SQS_API int32_t sqs_tensor_copy_to_host(sqs_tensor tensor, void* destination, int64_t bytes);
SQS_API int32_t sqs_tensor_copy_from_host(sqs_tensor tensor, const void* source, int64_t bytes);
SQS_API int32_t sqs_tensor_to(sqs_tensor tensor, int32_t device_type, int32_t device_index, int32_t dtype,
                              uint8_t non_blocking, int32_t memory_format, sqs_tensor* out);
SQS_API int32_t sqs_tensor_pin_memory(sqs_tensor tensor, sqs_tensor* out);
SQS_API int32_t sqs_tensor_set_data(sqs_tensor tensor, sqs_tensor data);

// ---- creation -----------------------------------------------------------------------------------------------------
SQS_API int32_t sqs_create_empty(const int64_t* size, int64_t size_count, int32_t dtype, int32_t device_type,
                                 int32_t device_index, int32_t memory_format, sqs_tensor* out);
SQS_API int32_t sqs_create_full(const int64_t* size, int64_t size_count, sqs_scalar fill, int32_t dtype,
                                int32_t device_type, int32_t device_index, sqs_tensor* out);
SQS_API int32_t sqs_create_arange(sqs_scalar start, sqs_scalar stop, sqs_scalar step, int32_t dtype,
                                  int32_t device_type, int32_t device_index, sqs_tensor* out);
SQS_API int32_t sqs_create_linspace(double start, double stop, int64_t steps, int32_t dtype, int32_t device_type,
                                    int32_t device_index, sqs_tensor* out);
SQS_API int32_t sqs_create_eye(int64_t rows, int64_t columns, int32_t dtype, int32_t device_type,
                               int32_t device_index, sqs_tensor* out);
// Copies `bytes` bytes of row-major elements from host memory, which may be freed at once.
SQS_API int32_t sqs_create_from_host(const void* source, int64_t bytes, const int64_t* size, int64_t size_count,
                                     int32_t dtype, int32_t device_type, int32_t device_index, sqs_tensor* out);

// ---- random: everything draws from the calling thread's generator of the tensor's device ----------------------------
SQS_API int32_t sqs_random_manual_seed(int64_t seed);
// The state of the calling thread's generator for one device, as a byte tensor.
SQS_API int32_t sqs_random_get_state(int32_t device_type, int32_t device_index, sqs_tensor* out);
SQS_API int32_t sqs_random_set_state(int32_t device_type, int32_t device_index, sqs_tensor state);
SQS_API int32_t sqs_random_rand(const int64_t* size, int64_t size_count, int32_t dtype, int32_t device_type,
                                int32_t device_index, sqs_tensor* out);
SQS_API int32_t sqs_random_randn(const int64_t* size, int64_t size_count, int32_t dtype, int32_t device_type,
                                 int32_t device_index, sqs_tensor* out);
SQS_API int32_t sqs_random_randint(int64_t low, int64_t high, const int64_t* size, int64_t size_count, int32_t dtype,
                                   int32_t device_type, int32_t device_index, sqs_tensor* out);
SQS_API int32_t sqs_random_randperm(int64_t count, int32_t device_type, int32_t device_index, sqs_tensor* out);
// Zeroes elements with probability p and scales the rest by 1 / (1 - p). `whole_channels` draws once per (B, C).
SQS_API int32_t sqs_random_dropout(sqs_tensor input, double p, uint8_t whole_channels, sqs_tensor* out);

// ---- autograd -----------------------------------------------------------------------------------------------------
SQS_API int32_t sqs_autograd_requires_grad(sqs_tensor tensor, uint8_t* out);
SQS_API int32_t sqs_autograd_set_requires_grad(sqs_tensor tensor, uint8_t value);
SQS_API int32_t sqs_autograd_is_leaf(sqs_tensor tensor, uint8_t* out);
// Null where there is no gradient.
SQS_API int32_t sqs_autograd_grad(sqs_tensor tensor, sqs_tensor* out);
SQS_API int32_t sqs_autograd_set_grad(sqs_tensor tensor, sqs_tensor grad);
// Forgets the gradients, or fills them with zeros.
SQS_API int32_t sqs_autograd_zero_grads(const sqs_tensor* tensors, int64_t count, uint8_t set_to_none);
SQS_API int32_t sqs_autograd_backward(sqs_tensor tensor, sqs_tensor gradient, uint8_t retain_graph,
                                      uint8_t create_graph);
// Gradients of one output with respect to inputs; null for an unused input where that is allowed.
SQS_API int32_t sqs_autograd_gradients(sqs_tensor output, sqs_tensor gradient, const sqs_tensor* inputs,
                                       int64_t count, uint8_t retain_graph, uint8_t create_graph,
                                       uint8_t allow_unused, sqs_tensor* out);
SQS_API int32_t sqs_autograd_is_enabled(uint8_t* out);
SQS_API int32_t sqs_autograd_set_enabled(uint8_t value);

// ---- autocast: of the calling thread ------------------------------------------------------------------------------
SQS_API int32_t sqs_autocast_get(int32_t device_type, uint8_t* out_enabled, int32_t* out_dtype);
SQS_API int32_t sqs_autocast_set(int32_t device_type, uint8_t enabled, int32_t dtype);
SQS_API int32_t sqs_autocast_clear_cache(void);

// ---- layers -------------------------------------------------------------------------------------------------------
SQS_API int32_t sqs_nn_scaled_dot_product_attention(sqs_tensor query, sqs_tensor key, sqs_tensor value,
                                                    sqs_tensor mask, double dropout, uint8_t is_causal,
                                                    double scale, sqs_tensor* out);

// ---- optimizers ---------------------------------------------------------------------------------------------------
// One AdamW step over the parameters that have a gradient; steps[i] is parameter i's own count, raised here.
SQS_API int32_t sqs_optim_adamw(const sqs_tensor* parameters, const sqs_tensor* exp_avgs,
                                const sqs_tensor* exp_avg_sqs, int64_t* steps, int64_t count, double lr, double beta1,
                                double beta2, double eps, double weight_decay);
// Scales the gradients so that their common 2-norm is at most max_norm; gives the norm before.
SQS_API int32_t sqs_optim_clip_grad_norm(const sqs_tensor* parameters, int64_t count, double max_norm,
                                         sqs_tensor* out);
// averages[i] = kept * averages[i] + (1 - kept) * values[i]; tensors that are no fractions are copied.
SQS_API int32_t sqs_optim_average(const sqs_tensor* averages, const sqs_tensor* values, int64_t count, double kept);

// ---- CUDA: status SQS_ERROR_STANDARD where it was not compiled in, except for the count -----------------------------
SQS_API int32_t sqs_cuda_device_count(int32_t* out);
SQS_API int32_t sqs_cuda_synchronize(void);
SQS_API int32_t sqs_cuda_empty_cache(void);
// out = allocated, highest allocated, reserved, highest reserved bytes, number of out-of-memory events.
SQS_API int32_t sqs_cuda_memory_stats(int32_t device_index, int64_t* out);
SQS_API int32_t sqs_cuda_reset_peak_memory_stats(int32_t device_index);
// out = free, all bytes of the device, as its driver knows them: what other programs have taken is not free.
SQS_API int32_t sqs_cuda_mem_get_info(int32_t device_index, int64_t* out);
// option: 0 cuDNN benchmark, 1 cuDNN deterministic, 2 TF32 in matrix products, 3 TF32 in cuDNN.
SQS_API int32_t sqs_cuda_set_option(int32_t option, uint8_t value);
// The calling thread works on a GPU, on a stream of its own, until exit is called on the same thread.
SQS_API int32_t sqs_cuda_stream_enter(int32_t device_index, void** out);
SQS_API int32_t sqs_cuda_stream_exit(void* stream);
SQS_API int32_t sqs_cuda_graph_create(void** out);
// Records what the calling thread runs on its current stream, which has to be one of its own (sqs_cuda_stream_enter).
// Memory may be shared with a graph that never replays at the same time; null shares with none.
SQS_API int32_t sqs_cuda_graph_begin(void* graph, void* sharing);
SQS_API int32_t sqs_cuda_graph_end(void* graph);
SQS_API int32_t sqs_cuda_graph_replay(void* graph);
SQS_API int32_t sqs_cuda_graph_free(void* graph);
