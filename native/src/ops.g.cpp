// Made by tools/opgen from native/ops.txt. Do not edit.
#include "convert.h"
#include "guard.h"
#include "random.h"
#include "sqstorch_ops.g.h"

int32_t sqs_op_zeros_like(sqs_tensor self, int32_t dtype, int32_t memory_format, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::zeros_like(sqs::borrow(self), sqs::optional_dtype(dtype), c10::nullopt, c10::nullopt, c10::nullopt, sqs::optional_memory_format(memory_format))); });
}

int32_t sqs_op_ones_like(sqs_tensor self, int32_t dtype, int32_t memory_format, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::ones_like(sqs::borrow(self), sqs::optional_dtype(dtype), c10::nullopt, c10::nullopt, c10::nullopt, sqs::optional_memory_format(memory_format))); });
}

int32_t sqs_op_empty_like(sqs_tensor self, int32_t dtype, int32_t memory_format, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::empty_like(sqs::borrow(self), sqs::optional_dtype(dtype), c10::nullopt, c10::nullopt, c10::nullopt, sqs::optional_memory_format(memory_format))); });
}

int32_t sqs_op_full_like(sqs_tensor self, sqs_scalar fill_value, int32_t dtype, int32_t memory_format, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::full_like(sqs::borrow(self), sqs::scalar(fill_value), sqs::optional_dtype(dtype), c10::nullopt, c10::nullopt, c10::nullopt, sqs::optional_memory_format(memory_format))); });
}

int32_t sqs_op_clone(sqs_tensor self, int32_t memory_format, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::clone(sqs::borrow(self), sqs::optional_memory_format(memory_format))); });
}

int32_t sqs_op_detach(sqs_tensor self, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::detach(sqs::borrow(self))); });
}

int32_t sqs_op_contiguous(sqs_tensor self, int32_t memory_format, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(sqs::borrow(self).contiguous(static_cast<at::MemoryFormat>(memory_format))); });
}

int32_t sqs_op_to_dtype(sqs_tensor self, int32_t dtype, uint8_t non_blocking, uint8_t copy, int32_t memory_format, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(sqs::borrow(self).to(static_cast<at::ScalarType>(dtype), non_blocking != 0, copy != 0, sqs::optional_memory_format(memory_format))); });
}

int32_t sqs_op_bernoulli(sqs_tensor self, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::bernoulli(sqs::borrow(self), sqs::generator_for(sqs::borrow(self)))); });
}

int32_t sqs_op_bernoulli__float(sqs_tensor self, double p) {
  return sqs::guarded([&] { sqs::borrow(self).bernoulli_(p, sqs::generator_for(sqs::borrow(self))); });
}

int32_t sqs_op_uniform_(sqs_tensor self, double from_, double to) {
  return sqs::guarded([&] { sqs::borrow(self).uniform_(from_, to, sqs::generator_for(sqs::borrow(self))); });
}

int32_t sqs_op_normal_(sqs_tensor self, double mean, double std) {
  return sqs::guarded([&] { sqs::borrow(self).normal_(mean, std, sqs::generator_for(sqs::borrow(self))); });
}

int32_t sqs_op_exponential_(sqs_tensor self, double lambd) {
  return sqs::guarded([&] { sqs::borrow(self).exponential_(lambd, sqs::generator_for(sqs::borrow(self))); });
}

int32_t sqs_op_multinomial(sqs_tensor self, int64_t num_samples, uint8_t replacement, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::multinomial(sqs::borrow(self), num_samples, replacement != 0, sqs::generator_for(sqs::borrow(self)))); });
}

int32_t sqs_op_view(sqs_tensor self, const int64_t* size, int64_t size_count, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(sqs::borrow(self).view(at::IntArrayRef(size, size_count))); });
}

int32_t sqs_op_reshape(sqs_tensor self, const int64_t* shape, int64_t shape_count, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::reshape(sqs::borrow(self), at::IntArrayRef(shape, shape_count))); });
}

int32_t sqs_op_reshape_as(sqs_tensor self, sqs_tensor other, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(sqs::borrow(self).reshape_as(sqs::borrow(other))); });
}

int32_t sqs_op_view_as(sqs_tensor self, sqs_tensor other, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(sqs::borrow(self).view_as(sqs::borrow(other))); });
}

int32_t sqs_op_permute(sqs_tensor self, const int64_t* dims, int64_t dims_count, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::permute(sqs::borrow(self), at::IntArrayRef(dims, dims_count))); });
}

int32_t sqs_op_movedim_int(sqs_tensor self, int64_t source, int64_t destination, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::movedim(sqs::borrow(self), source, destination)); });
}

int32_t sqs_op_transpose_int(sqs_tensor self, int64_t dim0, int64_t dim1, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::transpose(sqs::borrow(self), dim0, dim1)); });
}

int32_t sqs_op_t(sqs_tensor self, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::t(sqs::borrow(self))); });
}

int32_t sqs_op_flatten_using_ints(sqs_tensor self, int64_t start_dim, int64_t end_dim, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::flatten(sqs::borrow(self), start_dim, end_dim)); });
}

int32_t sqs_op_unflatten_int(sqs_tensor self, int64_t dim, const int64_t* sizes, int64_t sizes_count, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::unflatten(sqs::borrow(self), dim, at::IntArrayRef(sizes, sizes_count))); });
}

int32_t sqs_op_unsqueeze(sqs_tensor self, int64_t dim, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::unsqueeze(sqs::borrow(self), dim)); });
}

int32_t sqs_op_squeeze(sqs_tensor self, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::squeeze(sqs::borrow(self))); });
}

int32_t sqs_op_squeeze_dim(sqs_tensor self, int64_t dim, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::squeeze(sqs::borrow(self), dim)); });
}

int32_t sqs_op_expand(sqs_tensor self, const int64_t* size, int64_t size_count, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(sqs::borrow(self).expand(at::IntArrayRef(size, size_count), false)); });
}

int32_t sqs_op_expand_as(sqs_tensor self, sqs_tensor other, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(sqs::borrow(self).expand_as(sqs::borrow(other))); });
}

int32_t sqs_op_repeat(sqs_tensor self, const int64_t* repeats, int64_t repeats_count, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(sqs::borrow(self).repeat(at::IntArrayRef(repeats, repeats_count))); });
}

int32_t sqs_op_repeat_interleave_self_int(sqs_tensor self, int64_t repeats, int64_t dim, int64_t output_size, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::repeat_interleave(sqs::borrow(self), repeats, sqs::optional_int(dim), sqs::optional_int(output_size))); });
}

int32_t sqs_op_narrow(sqs_tensor self, int64_t dim, int64_t start, int64_t length, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::narrow(sqs::borrow(self), dim, start, length)); });
}

int32_t sqs_op_select_int(sqs_tensor self, int64_t dim, int64_t index, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::select(sqs::borrow(self), dim, index)); });
}

int32_t sqs_op_slice_tensor(sqs_tensor self, int64_t dim, int64_t start, int64_t end_, int64_t step, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::slice(sqs::borrow(self), dim, sqs::optional_int(start), sqs::optional_int(end_), step)); });
}

int32_t sqs_op_diagonal(sqs_tensor self, int64_t offset, int64_t dim1, int64_t dim2, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::diagonal(sqs::borrow(self), offset, dim1, dim2)); });
}

int32_t sqs_op_diag(sqs_tensor self, int64_t diagonal, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::diag(sqs::borrow(self), diagonal)); });
}

int32_t sqs_op_unfold(sqs_tensor self, int64_t dimension, int64_t size, int64_t step, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(sqs::borrow(self).unfold(dimension, size, step)); });
}

int32_t sqs_op_tril(sqs_tensor self, int64_t diagonal, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::tril(sqs::borrow(self), diagonal)); });
}

int32_t sqs_op_triu(sqs_tensor self, int64_t diagonal, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::triu(sqs::borrow(self), diagonal)); });
}

int32_t sqs_op_flip(sqs_tensor self, const int64_t* dims, int64_t dims_count, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::flip(sqs::borrow(self), at::IntArrayRef(dims, dims_count))); });
}

int32_t sqs_op_roll(sqs_tensor self, const int64_t* shifts, int64_t shifts_count, const int64_t* dims, int64_t dims_count, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::roll(sqs::borrow(self), at::IntArrayRef(shifts, shifts_count), at::IntArrayRef(dims, dims_count))); });
}

int32_t sqs_op_rot90(sqs_tensor self, int64_t k, const int64_t* dims, int64_t dims_count, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::rot90(sqs::borrow(self), k, at::IntArrayRef(dims, dims_count))); });
}

int32_t sqs_op_cat(const sqs_tensor* tensors, int64_t tensors_count, int64_t dim, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::cat(sqs::tensors(tensors, tensors_count), dim)); });
}

int32_t sqs_op_stack(const sqs_tensor* tensors, int64_t tensors_count, int64_t dim, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::stack(sqs::tensors(tensors, tensors_count), dim)); });
}

int32_t sqs_op_chunk(sqs_tensor self, int64_t chunks, int64_t dim, int64_t* out_count) {
  return sqs::guarded([&] { *out_count = sqs::keep_results(at::chunk(sqs::borrow(self), chunks, dim)); });
}

int32_t sqs_op_split_tensor(sqs_tensor self, int64_t split_size, int64_t dim, int64_t* out_count) {
  return sqs::guarded([&] { *out_count = sqs::keep_results(at::split(sqs::borrow(self), split_size, dim)); });
}

int32_t sqs_op_split_with_sizes(sqs_tensor self, const int64_t* split_sizes, int64_t split_sizes_count, int64_t dim, int64_t* out_count) {
  return sqs::guarded([&] { *out_count = sqs::keep_results(at::split_with_sizes(sqs::borrow(self), at::IntArrayRef(split_sizes, split_sizes_count), dim)); });
}

int32_t sqs_op_unbind_int(sqs_tensor self, int64_t dim, int64_t* out_count) {
  return sqs::guarded([&] { *out_count = sqs::keep_results(at::unbind(sqs::borrow(self), dim)); });
}

int32_t sqs_op_meshgrid_indexing(const sqs_tensor* tensors, int64_t tensors_count, const char* indexing, int64_t* out_count) {
  return sqs::guarded([&] { *out_count = sqs::keep_results(at::meshgrid(sqs::tensors(tensors, tensors_count), c10::string_view(indexing))); });
}

int32_t sqs_op_index_select(sqs_tensor self, int64_t dim, sqs_tensor index, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::index_select(sqs::borrow(self), dim, sqs::borrow(index))); });
}

int32_t sqs_op_index_tensor(sqs_tensor self, const sqs_tensor* indices, int64_t indices_count, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::index(sqs::borrow(self), sqs::optional_tensors(indices, indices_count))); });
}

int32_t sqs_op_index_put_(sqs_tensor self, const sqs_tensor* indices, int64_t indices_count, sqs_tensor values, uint8_t accumulate) {
  return sqs::guarded([&] { at::index_put_(sqs::borrow(self), sqs::optional_tensors(indices, indices_count), sqs::borrow(values), accumulate != 0); });
}

int32_t sqs_op_index_add_(sqs_tensor self, int64_t dim, sqs_tensor index, sqs_tensor source, sqs_scalar alpha) {
  return sqs::guarded([&] { sqs::borrow(self).index_add_(dim, sqs::borrow(index), sqs::borrow(source), sqs::scalar(alpha)); });
}

int32_t sqs_op_index_copy_(sqs_tensor self, int64_t dim, sqs_tensor index, sqs_tensor source) {
  return sqs::guarded([&] { sqs::borrow(self).index_copy_(dim, sqs::borrow(index), sqs::borrow(source)); });
}

int32_t sqs_op_index_fill__int_scalar(sqs_tensor self, int64_t dim, sqs_tensor index, sqs_scalar value_) {
  return sqs::guarded([&] { sqs::borrow(self).index_fill_(dim, sqs::borrow(index), sqs::scalar(value_)); });
}

int32_t sqs_op_gather(sqs_tensor self, int64_t dim, sqs_tensor index, uint8_t sparse_grad, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::gather(sqs::borrow(self), dim, sqs::borrow(index), sparse_grad != 0)); });
}

int32_t sqs_op_take_along_dim(sqs_tensor self, sqs_tensor indices, int64_t dim, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::take_along_dim(sqs::borrow(self), sqs::borrow(indices), sqs::optional_int(dim))); });
}

int32_t sqs_op_scatter_src(sqs_tensor self, int64_t dim, sqs_tensor index, sqs_tensor src, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::scatter(sqs::borrow(self), dim, sqs::borrow(index), sqs::borrow(src))); });
}

int32_t sqs_op_scatter__src(sqs_tensor self, int64_t dim, sqs_tensor index, sqs_tensor src) {
  return sqs::guarded([&] { sqs::borrow(self).scatter_(dim, sqs::borrow(index), sqs::borrow(src)); });
}

int32_t sqs_op_scatter__value(sqs_tensor self, int64_t dim, sqs_tensor index, sqs_scalar value_) {
  return sqs::guarded([&] { sqs::borrow(self).scatter_(dim, sqs::borrow(index), sqs::scalar(value_)); });
}

int32_t sqs_op_scatter_add_(sqs_tensor self, int64_t dim, sqs_tensor index, sqs_tensor src) {
  return sqs::guarded([&] { sqs::borrow(self).scatter_add_(dim, sqs::borrow(index), sqs::borrow(src)); });
}

int32_t sqs_op_masked_fill_scalar(sqs_tensor self, sqs_tensor mask, sqs_scalar value_, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::masked_fill(sqs::borrow(self), sqs::borrow(mask), sqs::scalar(value_))); });
}

int32_t sqs_op_masked_fill__scalar(sqs_tensor self, sqs_tensor mask, sqs_scalar value_) {
  return sqs::guarded([&] { sqs::borrow(self).masked_fill_(sqs::borrow(mask), sqs::scalar(value_)); });
}

int32_t sqs_op_masked_select(sqs_tensor self, sqs_tensor mask, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::masked_select(sqs::borrow(self), sqs::borrow(mask))); });
}

int32_t sqs_op_where_self(sqs_tensor condition, sqs_tensor self, sqs_tensor other, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::where(sqs::borrow(condition), sqs::borrow(self), sqs::borrow(other))); });
}

int32_t sqs_op_nonzero(sqs_tensor self, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::nonzero(sqs::borrow(self))); });
}

int32_t sqs_op_one_hot(sqs_tensor self, int64_t num_classes, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::one_hot(sqs::borrow(self), num_classes)); });
}

int32_t sqs_op_copy_(sqs_tensor self, sqs_tensor src, uint8_t non_blocking) {
  return sqs::guarded([&] { sqs::borrow(self).copy_(sqs::borrow(src), non_blocking != 0); });
}

int32_t sqs_op_fill__scalar(sqs_tensor self, sqs_scalar value_) {
  return sqs::guarded([&] { at::fill_(sqs::borrow(self), sqs::scalar(value_)); });
}

int32_t sqs_op_zero_(sqs_tensor self) {
  return sqs::guarded([&] { at::zero_(sqs::borrow(self)); });
}

int32_t sqs_op_add_tensor(sqs_tensor self, sqs_tensor other, sqs_scalar alpha, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::add(sqs::borrow(self), sqs::borrow(other), sqs::scalar(alpha))); });
}

int32_t sqs_op_add_scalar(sqs_tensor self, sqs_scalar other, sqs_scalar alpha, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::add(sqs::borrow(self), sqs::scalar(other), sqs::scalar(alpha))); });
}

int32_t sqs_op_add__tensor(sqs_tensor self, sqs_tensor other, sqs_scalar alpha) {
  return sqs::guarded([&] { sqs::borrow(self).add_(sqs::borrow(other), sqs::scalar(alpha)); });
}

int32_t sqs_op_add__scalar(sqs_tensor self, sqs_scalar other, sqs_scalar alpha) {
  return sqs::guarded([&] { sqs::borrow(self).add_(sqs::scalar(other), sqs::scalar(alpha)); });
}

int32_t sqs_op_sub_tensor(sqs_tensor self, sqs_tensor other, sqs_scalar alpha, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::sub(sqs::borrow(self), sqs::borrow(other), sqs::scalar(alpha))); });
}

int32_t sqs_op_sub_scalar(sqs_tensor self, sqs_scalar other, sqs_scalar alpha, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::sub(sqs::borrow(self), sqs::scalar(other), sqs::scalar(alpha))); });
}

int32_t sqs_op_sub__tensor(sqs_tensor self, sqs_tensor other, sqs_scalar alpha) {
  return sqs::guarded([&] { sqs::borrow(self).sub_(sqs::borrow(other), sqs::scalar(alpha)); });
}

int32_t sqs_op_sub__scalar(sqs_tensor self, sqs_scalar other, sqs_scalar alpha) {
  return sqs::guarded([&] { sqs::borrow(self).sub_(sqs::scalar(other), sqs::scalar(alpha)); });
}

int32_t sqs_op_rsub_scalar(sqs_tensor self, sqs_scalar other, sqs_scalar alpha, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::rsub(sqs::borrow(self), sqs::scalar(other), sqs::scalar(alpha))); });
}

int32_t sqs_op_mul_tensor(sqs_tensor self, sqs_tensor other, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::mul(sqs::borrow(self), sqs::borrow(other))); });
}

int32_t sqs_op_mul_scalar(sqs_tensor self, sqs_scalar other, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::mul(sqs::borrow(self), sqs::scalar(other))); });
}

int32_t sqs_op_mul__tensor(sqs_tensor self, sqs_tensor other) {
  return sqs::guarded([&] { sqs::borrow(self).mul_(sqs::borrow(other)); });
}

int32_t sqs_op_mul__scalar(sqs_tensor self, sqs_scalar other) {
  return sqs::guarded([&] { sqs::borrow(self).mul_(sqs::scalar(other)); });
}

int32_t sqs_op_div_tensor(sqs_tensor self, sqs_tensor other, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::div(sqs::borrow(self), sqs::borrow(other))); });
}

int32_t sqs_op_div_scalar(sqs_tensor self, sqs_scalar other, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::div(sqs::borrow(self), sqs::scalar(other))); });
}

int32_t sqs_op_div__tensor(sqs_tensor self, sqs_tensor other) {
  return sqs::guarded([&] { sqs::borrow(self).div_(sqs::borrow(other)); });
}

int32_t sqs_op_div__scalar(sqs_tensor self, sqs_scalar other) {
  return sqs::guarded([&] { sqs::borrow(self).div_(sqs::scalar(other)); });
}

int32_t sqs_op_floor_divide(sqs_tensor self, sqs_tensor other, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::floor_divide(sqs::borrow(self), sqs::borrow(other))); });
}

int32_t sqs_op_remainder_scalar(sqs_tensor self, sqs_scalar other, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::remainder(sqs::borrow(self), sqs::scalar(other))); });
}

int32_t sqs_op_neg(sqs_tensor self, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::neg(sqs::borrow(self))); });
}

int32_t sqs_op_abs(sqs_tensor self, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::abs(sqs::borrow(self))); });
}

int32_t sqs_op_sign(sqs_tensor self, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::sign(sqs::borrow(self))); });
}

int32_t sqs_op_square(sqs_tensor self, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::square(sqs::borrow(self))); });
}

int32_t sqs_op_sqrt(sqs_tensor self, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::sqrt(sqs::borrow(self))); });
}

int32_t sqs_op_rsqrt(sqs_tensor self, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::rsqrt(sqs::borrow(self))); });
}

int32_t sqs_op_reciprocal(sqs_tensor self, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::reciprocal(sqs::borrow(self))); });
}

int32_t sqs_op_exp(sqs_tensor self, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::exp(sqs::borrow(self))); });
}

int32_t sqs_op_expm1(sqs_tensor self, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::expm1(sqs::borrow(self))); });
}

int32_t sqs_op_log(sqs_tensor self, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::log(sqs::borrow(self))); });
}

int32_t sqs_op_log2(sqs_tensor self, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::log2(sqs::borrow(self))); });
}

int32_t sqs_op_log1p(sqs_tensor self, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::log1p(sqs::borrow(self))); });
}

int32_t sqs_op_pow_tensor_scalar(sqs_tensor self, sqs_scalar exponent, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::pow(sqs::borrow(self), sqs::scalar(exponent))); });
}

int32_t sqs_op_pow_tensor_tensor(sqs_tensor self, sqs_tensor exponent, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::pow(sqs::borrow(self), sqs::borrow(exponent))); });
}

int32_t sqs_op_sin(sqs_tensor self, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::sin(sqs::borrow(self))); });
}

int32_t sqs_op_cos(sqs_tensor self, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::cos(sqs::borrow(self))); });
}

int32_t sqs_op_atan2(sqs_tensor self, sqs_tensor other, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::atan2(sqs::borrow(self), sqs::borrow(other))); });
}

int32_t sqs_op_floor(sqs_tensor self, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::floor(sqs::borrow(self))); });
}

int32_t sqs_op_ceil(sqs_tensor self, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::ceil(sqs::borrow(self))); });
}

int32_t sqs_op_round(sqs_tensor self, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::round(sqs::borrow(self))); });
}

int32_t sqs_op_trunc(sqs_tensor self, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::trunc(sqs::borrow(self))); });
}

int32_t sqs_op_erf(sqs_tensor self, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::erf(sqs::borrow(self))); });
}

int32_t sqs_op_erfinv(sqs_tensor self, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::erfinv(sqs::borrow(self))); });
}

int32_t sqs_op_erfinv_(sqs_tensor self) {
  return sqs::guarded([&] { sqs::borrow(self).erfinv_(); });
}

int32_t sqs_op_clamp(sqs_tensor self, sqs_scalar min, sqs_scalar max, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::clamp(sqs::borrow(self), sqs::optional_scalar(min), sqs::optional_scalar(max))); });
}

int32_t sqs_op_clamp_(sqs_tensor self, sqs_scalar min, sqs_scalar max) {
  return sqs::guarded([&] { at::clamp_(sqs::borrow(self), sqs::optional_scalar(min), sqs::optional_scalar(max)); });
}

int32_t sqs_op_clamp_min(sqs_tensor self, sqs_scalar min, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::clamp_min(sqs::borrow(self), sqs::scalar(min))); });
}

int32_t sqs_op_clamp_max(sqs_tensor self, sqs_scalar max, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::clamp_max(sqs::borrow(self), sqs::scalar(max))); });
}

int32_t sqs_op_minimum(sqs_tensor self, sqs_tensor other, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::minimum(sqs::borrow(self), sqs::borrow(other))); });
}

int32_t sqs_op_maximum(sqs_tensor self, sqs_tensor other, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::maximum(sqs::borrow(self), sqs::borrow(other))); });
}

int32_t sqs_op_lerp_scalar(sqs_tensor self, sqs_tensor end_, sqs_scalar weight, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::lerp(sqs::borrow(self), sqs::borrow(end_), sqs::scalar(weight))); });
}

int32_t sqs_op_lerp__scalar(sqs_tensor self, sqs_tensor end_, sqs_scalar weight) {
  return sqs::guarded([&] { sqs::borrow(self).lerp_(sqs::borrow(end_), sqs::scalar(weight)); });
}

int32_t sqs_op_addcmul(sqs_tensor self, sqs_tensor tensor1, sqs_tensor tensor2, sqs_scalar value_, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::addcmul(sqs::borrow(self), sqs::borrow(tensor1), sqs::borrow(tensor2), sqs::scalar(value_))); });
}

int32_t sqs_op_addcmul_(sqs_tensor self, sqs_tensor tensor1, sqs_tensor tensor2, sqs_scalar value_) {
  return sqs::guarded([&] { sqs::borrow(self).addcmul_(sqs::borrow(tensor1), sqs::borrow(tensor2), sqs::scalar(value_)); });
}

int32_t sqs_op_addcdiv(sqs_tensor self, sqs_tensor tensor1, sqs_tensor tensor2, sqs_scalar value_, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::addcdiv(sqs::borrow(self), sqs::borrow(tensor1), sqs::borrow(tensor2), sqs::scalar(value_))); });
}

int32_t sqs_op_addcdiv_(sqs_tensor self, sqs_tensor tensor1, sqs_tensor tensor2, sqs_scalar value_) {
  return sqs::guarded([&] { sqs::borrow(self).addcdiv_(sqs::borrow(tensor1), sqs::borrow(tensor2), sqs::scalar(value_)); });
}

int32_t sqs_op_nan_to_num(sqs_tensor self, double nan, double posinf, double neginf, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::nan_to_num(sqs::borrow(self), sqs::optional_double(nan), sqs::optional_double(posinf), sqs::optional_double(neginf))); });
}

int32_t sqs_op_eq_tensor(sqs_tensor self, sqs_tensor other, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::eq(sqs::borrow(self), sqs::borrow(other))); });
}

int32_t sqs_op_eq_scalar(sqs_tensor self, sqs_scalar other, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::eq(sqs::borrow(self), sqs::scalar(other))); });
}

int32_t sqs_op_ne_tensor(sqs_tensor self, sqs_tensor other, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::ne(sqs::borrow(self), sqs::borrow(other))); });
}

int32_t sqs_op_ne_scalar(sqs_tensor self, sqs_scalar other, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::ne(sqs::borrow(self), sqs::scalar(other))); });
}

int32_t sqs_op_lt_tensor(sqs_tensor self, sqs_tensor other, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::lt(sqs::borrow(self), sqs::borrow(other))); });
}

int32_t sqs_op_lt_scalar(sqs_tensor self, sqs_scalar other, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::lt(sqs::borrow(self), sqs::scalar(other))); });
}

int32_t sqs_op_le_tensor(sqs_tensor self, sqs_tensor other, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::le(sqs::borrow(self), sqs::borrow(other))); });
}

int32_t sqs_op_le_scalar(sqs_tensor self, sqs_scalar other, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::le(sqs::borrow(self), sqs::scalar(other))); });
}

int32_t sqs_op_gt_tensor(sqs_tensor self, sqs_tensor other, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::gt(sqs::borrow(self), sqs::borrow(other))); });
}

int32_t sqs_op_gt_scalar(sqs_tensor self, sqs_scalar other, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::gt(sqs::borrow(self), sqs::scalar(other))); });
}

int32_t sqs_op_ge_tensor(sqs_tensor self, sqs_tensor other, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::ge(sqs::borrow(self), sqs::borrow(other))); });
}

int32_t sqs_op_ge_scalar(sqs_tensor self, sqs_scalar other, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::ge(sqs::borrow(self), sqs::scalar(other))); });
}

int32_t sqs_op_logical_and(sqs_tensor self, sqs_tensor other, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::logical_and(sqs::borrow(self), sqs::borrow(other))); });
}

int32_t sqs_op_logical_or(sqs_tensor self, sqs_tensor other, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::logical_or(sqs::borrow(self), sqs::borrow(other))); });
}

int32_t sqs_op_logical_xor(sqs_tensor self, sqs_tensor other, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::logical_xor(sqs::borrow(self), sqs::borrow(other))); });
}

int32_t sqs_op_logical_not(sqs_tensor self, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::logical_not(sqs::borrow(self))); });
}

int32_t sqs_op_bitwise_and_tensor(sqs_tensor self, sqs_tensor other, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::bitwise_and(sqs::borrow(self), sqs::borrow(other))); });
}

int32_t sqs_op_bitwise_or_tensor(sqs_tensor self, sqs_tensor other, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::bitwise_or(sqs::borrow(self), sqs::borrow(other))); });
}

int32_t sqs_op_bitwise_not(sqs_tensor self, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::bitwise_not(sqs::borrow(self))); });
}

int32_t sqs_op_isfinite(sqs_tensor self, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::isfinite(sqs::borrow(self))); });
}

int32_t sqs_op_isnan(sqs_tensor self, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::isnan(sqs::borrow(self))); });
}

int32_t sqs_op_isinf(sqs_tensor self, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::isinf(sqs::borrow(self))); });
}

int32_t sqs_op_equal(sqs_tensor self, sqs_tensor other, uint8_t* out) {
  return sqs::guarded([&] { *out = at::equal(sqs::borrow(self), sqs::borrow(other)) ? 1 : 0; });
}

int32_t sqs_op_allclose(sqs_tensor self, sqs_tensor other, double rtol, double atol, uint8_t equal_nan, uint8_t* out) {
  return sqs::guarded([&] { *out = at::allclose(sqs::borrow(self), sqs::borrow(other), rtol, atol, equal_nan != 0) ? 1 : 0; });
}

int32_t sqs_op_sum(sqs_tensor self, int32_t dtype, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::sum(sqs::borrow(self), sqs::optional_dtype(dtype))); });
}

int32_t sqs_op_sum_dim_intlist(sqs_tensor self, const int64_t* dim, int64_t dim_count, uint8_t keepdim, int32_t dtype, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::sum(sqs::borrow(self), sqs::optional_ints(dim, dim_count), keepdim != 0, sqs::optional_dtype(dtype))); });
}

int32_t sqs_op_mean(sqs_tensor self, int32_t dtype, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::mean(sqs::borrow(self), sqs::optional_dtype(dtype))); });
}

int32_t sqs_op_mean_dim(sqs_tensor self, const int64_t* dim, int64_t dim_count, uint8_t keepdim, int32_t dtype, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::mean(sqs::borrow(self), sqs::optional_ints(dim, dim_count), keepdim != 0, sqs::optional_dtype(dtype))); });
}

int32_t sqs_op_var_correction(sqs_tensor self, const int64_t* dim, int64_t dim_count, int64_t correction, uint8_t keepdim, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::var(sqs::borrow(self), sqs::optional_ints(dim, dim_count), sqs::optional_int(correction), keepdim != 0)); });
}

int32_t sqs_op_std_correction(sqs_tensor self, const int64_t* dim, int64_t dim_count, int64_t correction, uint8_t keepdim, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::std(sqs::borrow(self), sqs::optional_ints(dim, dim_count), sqs::optional_int(correction), keepdim != 0)); });
}

int32_t sqs_op_var_mean_correction(sqs_tensor self, const int64_t* dim, int64_t dim_count, int64_t correction, uint8_t keepdim, sqs_tensor* out) {
  return sqs::guarded([&] { sqs::give_all(at::var_mean(sqs::borrow(self), sqs::optional_ints(dim, dim_count), sqs::optional_int(correction), keepdim != 0), out); });
}

int32_t sqs_op_prod(sqs_tensor self, int32_t dtype, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::prod(sqs::borrow(self), sqs::optional_dtype(dtype))); });
}

int32_t sqs_op_max(sqs_tensor self, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::max(sqs::borrow(self))); });
}

int32_t sqs_op_max_dim(sqs_tensor self, int64_t dim, uint8_t keepdim, sqs_tensor* out) {
  return sqs::guarded([&] { sqs::give_all(at::max(sqs::borrow(self), dim, keepdim != 0), out); });
}

int32_t sqs_op_min(sqs_tensor self, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::min(sqs::borrow(self))); });
}

int32_t sqs_op_min_dim(sqs_tensor self, int64_t dim, uint8_t keepdim, sqs_tensor* out) {
  return sqs::guarded([&] { sqs::give_all(at::min(sqs::borrow(self), dim, keepdim != 0), out); });
}

int32_t sqs_op_amax(sqs_tensor self, const int64_t* dim, int64_t dim_count, uint8_t keepdim, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::amax(sqs::borrow(self), at::IntArrayRef(dim, dim_count), keepdim != 0)); });
}

int32_t sqs_op_amin(sqs_tensor self, const int64_t* dim, int64_t dim_count, uint8_t keepdim, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::amin(sqs::borrow(self), at::IntArrayRef(dim, dim_count), keepdim != 0)); });
}

int32_t sqs_op_argmax(sqs_tensor self, int64_t dim, uint8_t keepdim, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::argmax(sqs::borrow(self), sqs::optional_int(dim), keepdim != 0)); });
}

int32_t sqs_op_argmin(sqs_tensor self, int64_t dim, uint8_t keepdim, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::argmin(sqs::borrow(self), sqs::optional_int(dim), keepdim != 0)); });
}

int32_t sqs_op_topk(sqs_tensor self, int64_t k, int64_t dim, uint8_t largest, uint8_t sorted, sqs_tensor* out) {
  return sqs::guarded([&] { sqs::give_all(at::topk(sqs::borrow(self), k, dim, largest != 0, sorted != 0), out); });
}

int32_t sqs_op_sort(sqs_tensor self, int64_t dim, uint8_t descending, sqs_tensor* out) {
  return sqs::guarded([&] { sqs::give_all(at::sort(sqs::borrow(self), dim, descending != 0), out); });
}

int32_t sqs_op_argsort(sqs_tensor self, int64_t dim, uint8_t descending, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::argsort(sqs::borrow(self), dim, descending != 0)); });
}

int32_t sqs_op_median(sqs_tensor self, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::median(sqs::borrow(self))); });
}

int32_t sqs_op_cumsum(sqs_tensor self, int64_t dim, int32_t dtype, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::cumsum(sqs::borrow(self), dim, sqs::optional_dtype(dtype))); });
}

int32_t sqs_op_cumprod(sqs_tensor self, int64_t dim, int32_t dtype, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::cumprod(sqs::borrow(self), dim, sqs::optional_dtype(dtype))); });
}

int32_t sqs_op_logsumexp(sqs_tensor self, const int64_t* dim, int64_t dim_count, uint8_t keepdim, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::logsumexp(sqs::borrow(self), at::IntArrayRef(dim, dim_count), keepdim != 0)); });
}

int32_t sqs_op_linalg_vector_norm(sqs_tensor self, sqs_scalar ord, const int64_t* dim, int64_t dim_count, uint8_t keepdim, int32_t dtype, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::linalg_vector_norm(sqs::borrow(self), sqs::scalar(ord), sqs::optional_ints(dim, dim_count), keepdim != 0, sqs::optional_dtype(dtype))); });
}

int32_t sqs_op_norm_scalaropt_dim(sqs_tensor self, sqs_scalar p, const int64_t* dim, int64_t dim_count, uint8_t keepdim, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::norm(sqs::borrow(self), sqs::optional_scalar(p), at::IntArrayRef(dim, dim_count), keepdim != 0)); });
}

int32_t sqs_op_any(sqs_tensor self, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::any(sqs::borrow(self))); });
}

int32_t sqs_op_any_dim(sqs_tensor self, int64_t dim, uint8_t keepdim, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::any(sqs::borrow(self), dim, keepdim != 0)); });
}

int32_t sqs_op_all(sqs_tensor self, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::all(sqs::borrow(self))); });
}

int32_t sqs_op_all_dim(sqs_tensor self, int64_t dim, uint8_t keepdim, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::all(sqs::borrow(self), dim, keepdim != 0)); });
}

int32_t sqs_op_count_nonzero(sqs_tensor self, int64_t dim, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::count_nonzero(sqs::borrow(self), sqs::optional_int(dim))); });
}

int32_t sqs_op_bincount(sqs_tensor self, sqs_tensor weights, int64_t minlength, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::bincount(sqs::borrow(self), sqs::optional_tensor(weights), minlength)); });
}

int32_t sqs_op_histc(sqs_tensor self, int64_t bins, sqs_scalar min, sqs_scalar max, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::histc(sqs::borrow(self), bins, sqs::scalar(min), sqs::scalar(max))); });
}

int32_t sqs_op_matmul(sqs_tensor self, sqs_tensor other, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::matmul(sqs::borrow(self), sqs::borrow(other))); });
}

int32_t sqs_op_mm(sqs_tensor self, sqs_tensor mat2, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::mm(sqs::borrow(self), sqs::borrow(mat2))); });
}

int32_t sqs_op_bmm(sqs_tensor self, sqs_tensor mat2, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::bmm(sqs::borrow(self), sqs::borrow(mat2))); });
}

int32_t sqs_op_mv(sqs_tensor self, sqs_tensor vec, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::mv(sqs::borrow(self), sqs::borrow(vec))); });
}

int32_t sqs_op_dot(sqs_tensor self, sqs_tensor tensor, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::dot(sqs::borrow(self), sqs::borrow(tensor))); });
}

int32_t sqs_op_outer(sqs_tensor self, sqs_tensor vec2, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::outer(sqs::borrow(self), sqs::borrow(vec2))); });
}

int32_t sqs_op_addmm(sqs_tensor self, sqs_tensor mat1, sqs_tensor mat2, sqs_scalar beta, sqs_scalar alpha, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::addmm(sqs::borrow(self), sqs::borrow(mat1), sqs::borrow(mat2), sqs::scalar(beta), sqs::scalar(alpha))); });
}

int32_t sqs_op_baddbmm(sqs_tensor self, sqs_tensor batch1, sqs_tensor batch2, sqs_scalar beta, sqs_scalar alpha, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::baddbmm(sqs::borrow(self), sqs::borrow(batch1), sqs::borrow(batch2), sqs::scalar(beta), sqs::scalar(alpha))); });
}

int32_t sqs_op_einsum(const char* equation, const sqs_tensor* tensors, int64_t tensors_count, const int64_t* path, int64_t path_count, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::einsum(c10::string_view(equation), sqs::tensors(tensors, tensors_count), sqs::optional_ints(path, path_count))); });
}

int32_t sqs_op_cdist(sqs_tensor x1, sqs_tensor x2, double p, int64_t compute_mode, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::cdist(sqs::borrow(x1), sqs::borrow(x2), p, sqs::optional_int(compute_mode))); });
}

int32_t sqs_op_sigmoid(sqs_tensor self, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::sigmoid(sqs::borrow(self))); });
}

int32_t sqs_op_sigmoid_(sqs_tensor self) {
  return sqs::guarded([&] { at::sigmoid_(sqs::borrow(self)); });
}

int32_t sqs_op_tanh(sqs_tensor self, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::tanh(sqs::borrow(self))); });
}

int32_t sqs_op_relu(sqs_tensor self, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::relu(sqs::borrow(self))); });
}

int32_t sqs_op_relu_(sqs_tensor self) {
  return sqs::guarded([&] { at::relu_(sqs::borrow(self)); });
}

int32_t sqs_op_relu6(sqs_tensor self, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::relu6(sqs::borrow(self))); });
}

int32_t sqs_op_hardtanh(sqs_tensor self, sqs_scalar min_val, sqs_scalar max_val, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::hardtanh(sqs::borrow(self), sqs::scalar(min_val), sqs::scalar(max_val))); });
}

int32_t sqs_op_hardtanh_(sqs_tensor self, sqs_scalar min_val, sqs_scalar max_val) {
  return sqs::guarded([&] { at::hardtanh_(sqs::borrow(self), sqs::scalar(min_val), sqs::scalar(max_val)); });
}

int32_t sqs_op_hardswish(sqs_tensor self, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::hardswish(sqs::borrow(self))); });
}

int32_t sqs_op_hardsigmoid(sqs_tensor self, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::hardsigmoid(sqs::borrow(self))); });
}

int32_t sqs_op_silu(sqs_tensor self, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::silu(sqs::borrow(self))); });
}

int32_t sqs_op_silu_(sqs_tensor self) {
  return sqs::guarded([&] { at::silu_(sqs::borrow(self)); });
}

int32_t sqs_op_gelu(sqs_tensor self, const char* approximate, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::gelu(sqs::borrow(self), c10::string_view(approximate))); });
}

int32_t sqs_op_elu(sqs_tensor self, sqs_scalar alpha, sqs_scalar scale, sqs_scalar input_scale, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::elu(sqs::borrow(self), sqs::scalar(alpha), sqs::scalar(scale), sqs::scalar(input_scale))); });
}

int32_t sqs_op_leaky_relu(sqs_tensor self, sqs_scalar negative_slope, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::leaky_relu(sqs::borrow(self), sqs::scalar(negative_slope))); });
}

int32_t sqs_op_mish(sqs_tensor self, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::mish(sqs::borrow(self))); });
}

int32_t sqs_op_softplus(sqs_tensor self, sqs_scalar beta, sqs_scalar threshold, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::softplus(sqs::borrow(self), sqs::scalar(beta), sqs::scalar(threshold))); });
}

int32_t sqs_op_log_sigmoid(sqs_tensor self, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::log_sigmoid(sqs::borrow(self))); });
}

int32_t sqs_op_softmax_int(sqs_tensor self, int64_t dim, int32_t dtype, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::softmax(sqs::borrow(self), dim, sqs::optional_dtype(dtype))); });
}

int32_t sqs_op_log_softmax_int(sqs_tensor self, int64_t dim, int32_t dtype, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::log_softmax(sqs::borrow(self), dim, sqs::optional_dtype(dtype))); });
}

int32_t sqs_op_linear(sqs_tensor input, sqs_tensor weight, sqs_tensor bias, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::linear(sqs::borrow(input), sqs::borrow(weight), sqs::optional_tensor(bias))); });
}

int32_t sqs_op_bilinear(sqs_tensor input1, sqs_tensor input2, sqs_tensor weight, sqs_tensor bias, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::bilinear(sqs::borrow(input1), sqs::borrow(input2), sqs::borrow(weight), sqs::optional_tensor(bias))); });
}

int32_t sqs_op_conv1d(sqs_tensor input, sqs_tensor weight, sqs_tensor bias, const int64_t* stride, int64_t stride_count, const int64_t* padding, int64_t padding_count, const int64_t* dilation, int64_t dilation_count, int64_t groups, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::conv1d(sqs::borrow(input), sqs::borrow(weight), sqs::optional_tensor(bias), at::IntArrayRef(stride, stride_count), at::IntArrayRef(padding, padding_count), at::IntArrayRef(dilation, dilation_count), groups)); });
}

int32_t sqs_op_conv2d(sqs_tensor input, sqs_tensor weight, sqs_tensor bias, const int64_t* stride, int64_t stride_count, const int64_t* padding, int64_t padding_count, const int64_t* dilation, int64_t dilation_count, int64_t groups, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::conv2d(sqs::borrow(input), sqs::borrow(weight), sqs::optional_tensor(bias), at::IntArrayRef(stride, stride_count), at::IntArrayRef(padding, padding_count), at::IntArrayRef(dilation, dilation_count), groups)); });
}

int32_t sqs_op_conv_transpose2d_input(sqs_tensor input, sqs_tensor weight, sqs_tensor bias, const int64_t* stride, int64_t stride_count, const int64_t* padding, int64_t padding_count, const int64_t* output_padding, int64_t output_padding_count, int64_t groups, const int64_t* dilation, int64_t dilation_count, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::conv_transpose2d(sqs::borrow(input), sqs::borrow(weight), sqs::optional_tensor(bias), at::IntArrayRef(stride, stride_count), at::IntArrayRef(padding, padding_count), at::IntArrayRef(output_padding, output_padding_count), groups, at::IntArrayRef(dilation, dilation_count))); });
}

int32_t sqs_op_batch_norm(sqs_tensor input, sqs_tensor weight, sqs_tensor bias, sqs_tensor running_mean, sqs_tensor running_var, uint8_t training, double momentum, double eps, uint8_t cudnn_enabled, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::batch_norm(sqs::borrow(input), sqs::optional_tensor(weight), sqs::optional_tensor(bias), sqs::optional_tensor(running_mean), sqs::optional_tensor(running_var), training != 0, momentum, eps, cudnn_enabled != 0)); });
}

int32_t sqs_op_layer_norm(sqs_tensor input, const int64_t* normalized_shape, int64_t normalized_shape_count, sqs_tensor weight, sqs_tensor bias, double eps, uint8_t cudnn_enable, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::layer_norm(sqs::borrow(input), at::IntArrayRef(normalized_shape, normalized_shape_count), sqs::optional_tensor(weight), sqs::optional_tensor(bias), eps, cudnn_enable != 0)); });
}

int32_t sqs_op_group_norm(sqs_tensor input, int64_t num_groups, sqs_tensor weight, sqs_tensor bias, double eps, uint8_t cudnn_enabled, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::group_norm(sqs::borrow(input), num_groups, sqs::optional_tensor(weight), sqs::optional_tensor(bias), eps, cudnn_enabled != 0)); });
}

int32_t sqs_op_instance_norm(sqs_tensor input, sqs_tensor weight, sqs_tensor bias, sqs_tensor running_mean, sqs_tensor running_var, uint8_t use_input_stats, double momentum, double eps, uint8_t cudnn_enabled, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::instance_norm(sqs::borrow(input), sqs::optional_tensor(weight), sqs::optional_tensor(bias), sqs::optional_tensor(running_mean), sqs::optional_tensor(running_var), use_input_stats != 0, momentum, eps, cudnn_enabled != 0)); });
}

int32_t sqs_op_max_pool2d(sqs_tensor self, const int64_t* kernel_size, int64_t kernel_size_count, const int64_t* stride, int64_t stride_count, const int64_t* padding, int64_t padding_count, const int64_t* dilation, int64_t dilation_count, uint8_t ceil_mode, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::max_pool2d(sqs::borrow(self), at::IntArrayRef(kernel_size, kernel_size_count), at::IntArrayRef(stride, stride_count), at::IntArrayRef(padding, padding_count), at::IntArrayRef(dilation, dilation_count), ceil_mode != 0)); });
}

int32_t sqs_op_avg_pool2d(sqs_tensor self, const int64_t* kernel_size, int64_t kernel_size_count, const int64_t* stride, int64_t stride_count, const int64_t* padding, int64_t padding_count, uint8_t ceil_mode, uint8_t count_include_pad, int64_t divisor_override, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::avg_pool2d(sqs::borrow(self), at::IntArrayRef(kernel_size, kernel_size_count), at::IntArrayRef(stride, stride_count), at::IntArrayRef(padding, padding_count), ceil_mode != 0, count_include_pad != 0, sqs::optional_int(divisor_override))); });
}

int32_t sqs_op_adaptive_avg_pool2d(sqs_tensor self, const int64_t* output_size, int64_t output_size_count, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::adaptive_avg_pool2d(sqs::borrow(self), at::IntArrayRef(output_size, output_size_count))); });
}

int32_t sqs_op_adaptive_max_pool2d(sqs_tensor self, const int64_t* output_size, int64_t output_size_count, sqs_tensor* out) {
  return sqs::guarded([&] { sqs::give_all(at::adaptive_max_pool2d(sqs::borrow(self), at::IntArrayRef(output_size, output_size_count)), out); });
}

int32_t sqs_op_embedding(sqs_tensor weight, sqs_tensor indices, int64_t padding_idx, uint8_t scale_grad_by_freq, uint8_t sparse, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::embedding(sqs::borrow(weight), sqs::borrow(indices), padding_idx, scale_grad_by_freq != 0, sparse != 0)); });
}

int32_t sqs_op_pixel_shuffle(sqs_tensor self, int64_t upscale_factor, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::pixel_shuffle(sqs::borrow(self), upscale_factor)); });
}

int32_t sqs_op_im2col(sqs_tensor self, const int64_t* kernel_size, int64_t kernel_size_count, const int64_t* dilation, int64_t dilation_count, const int64_t* padding, int64_t padding_count, const int64_t* stride, int64_t stride_count, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::im2col(sqs::borrow(self), at::IntArrayRef(kernel_size, kernel_size_count), at::IntArrayRef(dilation, dilation_count), at::IntArrayRef(padding, padding_count), at::IntArrayRef(stride, stride_count))); });
}

int32_t sqs_op_pad(sqs_tensor self, const int64_t* pad, int64_t pad_count, const char* mode, double value_, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::pad(sqs::borrow(self), at::IntArrayRef(pad, pad_count), c10::string_view(mode), sqs::optional_double(value_))); });
}

int32_t sqs_op_cosine_similarity(sqs_tensor x1, sqs_tensor x2, int64_t dim, double eps, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::cosine_similarity(sqs::borrow(x1), sqs::borrow(x2), dim, eps)); });
}

int32_t sqs_op_pairwise_distance(sqs_tensor x1, sqs_tensor x2, double p, double eps, uint8_t keepdim, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::pairwise_distance(sqs::borrow(x1), sqs::borrow(x2), p, eps, keepdim != 0)); });
}

int32_t sqs_op_cross_entropy_loss(sqs_tensor self, sqs_tensor target, sqs_tensor weight, int64_t reduction, int64_t ignore_index, double label_smoothing, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::cross_entropy_loss(sqs::borrow(self), sqs::borrow(target), sqs::optional_tensor(weight), reduction, ignore_index, label_smoothing)); });
}

int32_t sqs_op_nll_loss_nd(sqs_tensor self, sqs_tensor target, sqs_tensor weight, int64_t reduction, int64_t ignore_index, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::nll_loss_nd(sqs::borrow(self), sqs::borrow(target), sqs::optional_tensor(weight), reduction, ignore_index)); });
}

int32_t sqs_op_binary_cross_entropy(sqs_tensor self, sqs_tensor target, sqs_tensor weight, int64_t reduction, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::binary_cross_entropy(sqs::borrow(self), sqs::borrow(target), sqs::optional_tensor(weight), reduction)); });
}

int32_t sqs_op_binary_cross_entropy_with_logits(sqs_tensor self, sqs_tensor target, sqs_tensor weight, sqs_tensor pos_weight, int64_t reduction, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::binary_cross_entropy_with_logits(sqs::borrow(self), sqs::borrow(target), sqs::optional_tensor(weight), sqs::optional_tensor(pos_weight), reduction)); });
}

int32_t sqs_op_mse_loss(sqs_tensor self, sqs_tensor target, int64_t reduction, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::mse_loss(sqs::borrow(self), sqs::borrow(target), reduction)); });
}

int32_t sqs_op_l1_loss(sqs_tensor self, sqs_tensor target, int64_t reduction, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::l1_loss(sqs::borrow(self), sqs::borrow(target), reduction)); });
}

int32_t sqs_op_smooth_l1_loss(sqs_tensor self, sqs_tensor target, int64_t reduction, double beta, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::smooth_l1_loss(sqs::borrow(self), sqs::borrow(target), reduction, beta)); });
}

int32_t sqs_op_huber_loss(sqs_tensor self, sqs_tensor target, int64_t reduction, double delta, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::huber_loss(sqs::borrow(self), sqs::borrow(target), reduction, delta)); });
}

int32_t sqs_op_kl_div(sqs_tensor self, sqs_tensor target, int64_t reduction, uint8_t log_target, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::kl_div(sqs::borrow(self), sqs::borrow(target), reduction, log_target != 0)); });
}

int32_t sqs_op_cosine_embedding_loss(sqs_tensor input1, sqs_tensor input2, sqs_tensor target, double margin, int64_t reduction, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::cosine_embedding_loss(sqs::borrow(input1), sqs::borrow(input2), sqs::borrow(target), margin, reduction)); });
}

int32_t sqs_op_margin_ranking_loss(sqs_tensor input1, sqs_tensor input2, sqs_tensor target, double margin, int64_t reduction, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::margin_ranking_loss(sqs::borrow(input1), sqs::borrow(input2), sqs::borrow(target), margin, reduction)); });
}

int32_t sqs_op_triplet_margin_loss(sqs_tensor anchor, sqs_tensor positive, sqs_tensor negative, double margin, double p, double eps, uint8_t swap, int64_t reduction, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::triplet_margin_loss(sqs::borrow(anchor), sqs::borrow(positive), sqs::borrow(negative), margin, p, eps, swap != 0, reduction)); });
}

int32_t sqs_op_upsample_nearest2d(sqs_tensor self, const int64_t* output_size, int64_t output_size_count, double scales_h, double scales_w, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::upsample_nearest2d(sqs::borrow(self), at::IntArrayRef(output_size, output_size_count), sqs::optional_double(scales_h), sqs::optional_double(scales_w))); });
}

int32_t sqs_op_upsample_bilinear2d(sqs_tensor self, const int64_t* output_size, int64_t output_size_count, uint8_t align_corners, double scales_h, double scales_w, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::upsample_bilinear2d(sqs::borrow(self), at::IntArrayRef(output_size, output_size_count), align_corners != 0, sqs::optional_double(scales_h), sqs::optional_double(scales_w))); });
}

int32_t sqs_op_upsample_bicubic2d(sqs_tensor self, const int64_t* output_size, int64_t output_size_count, uint8_t align_corners, double scales_h, double scales_w, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::upsample_bicubic2d(sqs::borrow(self), at::IntArrayRef(output_size, output_size_count), align_corners != 0, sqs::optional_double(scales_h), sqs::optional_double(scales_w))); });
}

int32_t sqs_op_upsample_bilinear2d_aa(sqs_tensor self, const int64_t* output_size, int64_t output_size_count, uint8_t align_corners, double scales_h, double scales_w, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::_upsample_bilinear2d_aa(sqs::borrow(self), at::IntArrayRef(output_size, output_size_count), align_corners != 0, sqs::optional_double(scales_h), sqs::optional_double(scales_w))); });
}

int32_t sqs_op_upsample_bicubic2d_aa(sqs_tensor self, const int64_t* output_size, int64_t output_size_count, uint8_t align_corners, double scales_h, double scales_w, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::_upsample_bicubic2d_aa(sqs::borrow(self), at::IntArrayRef(output_size, output_size_count), align_corners != 0, sqs::optional_double(scales_h), sqs::optional_double(scales_w))); });
}

int32_t sqs_op_grid_sampler(sqs_tensor input, sqs_tensor grid, int64_t interpolation_mode, int64_t padding_mode, uint8_t align_corners, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::grid_sampler(sqs::borrow(input), sqs::borrow(grid), interpolation_mode, padding_mode, align_corners != 0)); });
}

int32_t sqs_op_affine_grid_generator(sqs_tensor theta, const int64_t* size, int64_t size_count, uint8_t align_corners, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(at::affine_grid_generator(sqs::borrow(theta), at::IntArrayRef(size, size_count), align_corners != 0)); });
}
