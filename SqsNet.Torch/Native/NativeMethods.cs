using System.Runtime.InteropServices;

namespace SqsNet.Torch;

/// <summary>The hand-written half of the C functions: native/include/sqstorch.h says what each does.</summary>
/// <remarks>
/// Reading metadata takes nanoseconds, so that those calls do without the switch of the garbage collector's mode; nothing
/// that computes, allocates or waits may do so.
/// </remarks>
internal static unsafe partial class NativeMethods
{
    internal const string Library = "sqstorch";
    internal const string FileName = "libsqstorch.so";

    [LibraryImport(Library)]
    internal static partial byte* sqs_error_message();

    [LibraryImport(Library)]
    internal static partial int sqs_error_raise(int kind);

    [LibraryImport(Library)]
    internal static partial int sqs_runtime_version(long* @out);

    [LibraryImport(Library)]
    internal static partial int sqs_runtime_get_num_threads(int* @out);

    [LibraryImport(Library)]
    internal static partial int sqs_runtime_set_num_threads(int count);

    [LibraryImport(Library)]
    internal static partial int sqs_runtime_config(byte* buffer, long capacity, long* out_length);

    [LibraryImport(Library)]
    internal static partial int sqs_memory_install();

    [LibraryImport(Library)]
    internal static partial int sqs_memory_set_limit(long bytes);

    [LibraryImport(Library)]
    internal static partial int sqs_memory_stats(long* @out);

    [LibraryImport(Library)]
    internal static partial int sqs_memory_reset_peak();

    [LibraryImport(Library)]
    internal static partial int sqs_memory_trim();

    [LibraryImport(Library)]
    internal static partial int sqs_tensor_release(nint tensor);

    [LibraryImport(Library)]
    internal static partial int sqs_tensor_release_many(nint* tensors, long count);

    [LibraryImport(Library)]
    internal static partial int sqs_tensor_take_results(nint* @out, long count);

    [LibraryImport(Library)]
    internal static partial int sqs_tensor_alias(nint tensor, nint* @out);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    internal static partial int sqs_tensor_dim(nint tensor, long* @out);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    internal static partial int sqs_tensor_numel(nint tensor, long* @out);

    [LibraryImport(Library)]
    internal static partial int sqs_tensor_size(nint tensor, long dim, long* @out);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    internal static partial int sqs_tensor_sizes(nint tensor, long* @out, long capacity);

    [LibraryImport(Library)]
    internal static partial int sqs_tensor_strides(nint tensor, long* @out, long capacity);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    internal static partial int sqs_tensor_dtype(nint tensor, int* @out);

    [LibraryImport(Library)]
    internal static partial int sqs_tensor_element_size(nint tensor, long* @out);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    internal static partial int sqs_tensor_device(nint tensor, int* out_type, int* out_index);

    [LibraryImport(Library)]
    internal static partial int sqs_tensor_is_contiguous(nint tensor, int memory_format, byte* @out);

    [LibraryImport(Library)]
    internal static partial int sqs_tensor_data_ptr(nint tensor, void** @out);

    [LibraryImport(Library)]
    internal static partial int sqs_tensor_item_double(nint tensor, double* @out);

    [LibraryImport(Library)]
    internal static partial int sqs_tensor_item_long(nint tensor, long* @out);

    [LibraryImport(Library)]
    internal static partial int sqs_tensor_copy_to_host(nint tensor, void* destination, long bytes);

    [LibraryImport(Library)]
    internal static partial int sqs_tensor_copy_from_host(nint tensor, void* source, long bytes);

    [LibraryImport(Library)]
    internal static partial int sqs_tensor_to(
        nint tensor,
        int device_type,
        int device_index,
        int dtype,
        byte non_blocking,
        int memory_format,
        nint* @out
    );

    [LibraryImport(Library)]
    internal static partial int sqs_tensor_pin_memory(nint tensor, nint* @out);

    [LibraryImport(Library)]
    internal static partial int sqs_tensor_set_data(nint tensor, nint data);

    [LibraryImport(Library)]
    internal static partial int sqs_create_empty(
        long* size,
        long size_count,
        int dtype,
        int device_type,
        int device_index,
        int memory_format,
        nint* @out
    );

    [LibraryImport(Library)]
    internal static partial int sqs_create_full(
        long* size,
        long size_count,
        Scalar fill,
        int dtype,
        int device_type,
        int device_index,
        nint* @out
    );

    [LibraryImport(Library)]
    internal static partial int sqs_create_arange(
        Scalar start,
        Scalar stop,
        Scalar step,
        int dtype,
        int device_type,
        int device_index,
        nint* @out
    );

    [LibraryImport(Library)]
    internal static partial int sqs_create_linspace(
        double start,
        double stop,
        long steps,
        int dtype,
        int device_type,
        int device_index,
        nint* @out
    );

    [LibraryImport(Library)]
    internal static partial int sqs_create_eye(
        long rows,
        long columns,
        int dtype,
        int device_type,
        int device_index,
        nint* @out
    );

    [LibraryImport(Library)]
    internal static partial int sqs_create_from_host(
        void* source,
        long bytes,
        long* size,
        long size_count,
        int dtype,
        int device_type,
        int device_index,
        nint* @out
    );

    [LibraryImport(Library)]
    internal static partial int sqs_random_manual_seed(long seed);

    [LibraryImport(Library)]
    internal static partial int sqs_random_get_state(int device_type, int device_index, nint* @out);

    [LibraryImport(Library)]
    internal static partial int sqs_random_set_state(int device_type, int device_index, nint state);

    [LibraryImport(Library)]
    internal static partial int sqs_random_rand(
        long* size,
        long size_count,
        int dtype,
        int device_type,
        int device_index,
        nint* @out
    );

    [LibraryImport(Library)]
    internal static partial int sqs_random_randn(
        long* size,
        long size_count,
        int dtype,
        int device_type,
        int device_index,
        nint* @out
    );

    [LibraryImport(Library)]
    internal static partial int sqs_random_randint(
        long low,
        long high,
        long* size,
        long size_count,
        int dtype,
        int device_type,
        int device_index,
        nint* @out
    );

    [LibraryImport(Library)]
    internal static partial int sqs_random_randperm(long count, int device_type, int device_index, nint* @out);

    [LibraryImport(Library)]
    internal static partial int sqs_random_dropout(nint input, double p, byte whole_channels, nint* @out);

    [LibraryImport(Library)]
    internal static partial int sqs_autograd_requires_grad(nint tensor, byte* @out);

    [LibraryImport(Library)]
    internal static partial int sqs_autograd_set_requires_grad(nint tensor, byte value);

    [LibraryImport(Library)]
    internal static partial int sqs_autograd_is_leaf(nint tensor, byte* @out);

    [LibraryImport(Library)]
    internal static partial int sqs_autograd_grad(nint tensor, nint* @out);

    [LibraryImport(Library)]
    internal static partial int sqs_autograd_set_grad(nint tensor, nint grad);

    [LibraryImport(Library)]
    internal static partial int sqs_autograd_zero_grads(nint* tensors, long count, byte set_to_none);

    [LibraryImport(Library)]
    internal static partial int sqs_autograd_backward(nint tensor, nint gradient, byte retain_graph, byte create_graph);

    [LibraryImport(Library)]
    internal static partial int sqs_autograd_gradients(
        nint output,
        nint gradient,
        nint* inputs,
        long count,
        byte retain_graph,
        byte create_graph,
        byte allow_unused,
        nint* @out
    );

    [LibraryImport(Library)]
    [SuppressGCTransition]
    internal static partial int sqs_autograd_is_enabled(byte* @out);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    internal static partial int sqs_autograd_set_enabled(byte value);

    [LibraryImport(Library)]
    internal static partial int sqs_autocast_get(int device_type, byte* out_enabled, int* out_dtype);

    [LibraryImport(Library)]
    internal static partial int sqs_autocast_set(int device_type, byte enabled, int dtype);

    [LibraryImport(Library)]
    internal static partial int sqs_autocast_clear_cache();

    [LibraryImport(Library)]
    internal static partial int sqs_nn_scaled_dot_product_attention(
        nint query,
        nint key,
        nint value,
        nint mask,
        double dropout,
        byte is_causal,
        double scale,
        nint* @out
    );

    [LibraryImport(Library)]
    internal static partial int sqs_optim_adamw(
        nint* parameters,
        nint* exp_avgs,
        nint* exp_avg_sqs,
        long* steps,
        long count,
        double lr,
        double beta1,
        double beta2,
        double eps,
        double weight_decay
    );

    [LibraryImport(Library)]
    internal static partial int sqs_optim_clip_grad_norm(nint* parameters, long count, double max_norm, nint* @out);

    [LibraryImport(Library)]
    internal static partial int sqs_optim_average(nint* averages, nint* values, long count, double kept);

    [LibraryImport(Library)]
    internal static partial int sqs_cuda_device_count(int* @out);

    [LibraryImport(Library)]
    internal static partial int sqs_cuda_synchronize();

    [LibraryImport(Library)]
    internal static partial int sqs_cuda_empty_cache();

    [LibraryImport(Library)]
    internal static partial int sqs_cuda_memory_stats(int device_index, long* @out);

    [LibraryImport(Library)]
    internal static partial int sqs_cuda_reset_peak_memory_stats(int device_index);

    [LibraryImport(Library)]
    internal static partial int sqs_cuda_mem_get_info(int device_index, long* @out);

    [LibraryImport(Library)]
    internal static partial int sqs_cuda_set_option(int option, byte value);

    [LibraryImport(Library)]
    internal static partial int sqs_cuda_stream_enter(int device_index, void** @out);

    [LibraryImport(Library)]
    internal static partial int sqs_cuda_stream_exit(void* stream);

    [LibraryImport(Library)]
    internal static partial int sqs_cuda_graph_create(void** @out);

    [LibraryImport(Library)]
    internal static partial int sqs_cuda_graph_begin(void* graph, void* sharing);

    [LibraryImport(Library)]
    internal static partial int sqs_cuda_graph_end(void* graph);

    [LibraryImport(Library)]
    internal static partial int sqs_cuda_graph_replay(void* graph);

    [LibraryImport(Library)]
    internal static partial int sqs_cuda_graph_free(void* graph);
}
