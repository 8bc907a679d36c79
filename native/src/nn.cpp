// What the list of operations cannot say: attention, which 1.13 lacks, and autocast, whose names changed.
#include "convert.h"
#include "guard.h"
#include "random.h"
#include "sqstorch.h"

namespace {

// Attention with dropout is always composed, because the fused kernels draw from the process's generator.
at::Tensor attention(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value, at::Tensor mask,
                     double dropout, bool is_causal, double scale) {
  auto scores = at::matmul(query * scale, key.transpose(-2, -1));
  if (is_causal) {
    TORCH_CHECK(!mask.defined(), "attention takes a mask or is causal, not both");
    mask = at::ones({query.size(-2), key.size(-2)}, query.options().dtype(at::kBool)).tril();
  }
  if (mask.defined()) {
    scores = mask.scalar_type() == at::kBool ? scores.masked_fill(mask.logical_not(), -INFINITY) : scores + mask;
  }
  auto weights = at::softmax(scores, -1);
  if (dropout > 0) {
    const auto noise = at::empty_like(weights).bernoulli_(1 - dropout, sqs::generator_for(weights));
    weights = weights * noise / (1 - dropout);
  }
  return at::matmul(weights, value);
}

}  // namespace

int32_t sqs_nn_scaled_dot_product_attention(sqs_tensor query, sqs_tensor key, sqs_tensor value, sqs_tensor mask,
                                            double dropout, uint8_t is_causal, double scale, sqs_tensor* out) {
  return sqs::guarded([&] {
    auto& q = sqs::borrow(query);
    TORCH_CHECK(q.dim() >= 2, "attention needs a query (..., L, E)");
    TORCH_CHECK(dropout >= 0 && dropout < 1, "dropout probability has to be in [0, 1), but got ", dropout);
    const auto factor = std::isnan(scale) ? 1.0 / std::sqrt(static_cast<double>(q.size(-1))) : scale;
#if SQS_TORCH_AT_LEAST(2, 1)
    if (dropout == 0) {
      *out = sqs::give(at::scaled_dot_product_attention(q, sqs::borrow(key), sqs::borrow(value),
                                                        sqs::optional_tensor(mask), 0.0, is_causal != 0, factor));
      return;
    }
#endif
    *out = sqs::give(attention(q, sqs::borrow(key), sqs::borrow(value), sqs::borrow(mask), dropout, is_causal != 0,
                               factor));
  });
}

int32_t sqs_autocast_get(int32_t device_type, uint8_t* out_enabled, int32_t* out_dtype) {
  return sqs::guarded([&] {
#if SQS_TORCH_AT_LEAST(2, 4)
    const auto device = static_cast<at::DeviceType>(device_type);
    *out_enabled = at::autocast::is_autocast_enabled(device) ? 1 : 0;
    *out_dtype = static_cast<int32_t>(at::autocast::get_autocast_dtype(device));
#else
    const bool cpu = device_type == static_cast<int32_t>(at::kCPU);
    *out_enabled = (cpu ? at::autocast::is_cpu_enabled() : at::autocast::is_enabled()) ? 1 : 0;
    *out_dtype = static_cast<int32_t>(cpu ? at::autocast::get_autocast_cpu_dtype()
                                          : at::autocast::get_autocast_gpu_dtype());
#endif
  });
}

int32_t sqs_autocast_set(int32_t device_type, uint8_t enabled, int32_t dtype) {
  return sqs::guarded([&] {
    const auto type = static_cast<at::ScalarType>(dtype);
#if SQS_TORCH_AT_LEAST(2, 4)
    const auto device = static_cast<at::DeviceType>(device_type);
    at::autocast::set_autocast_dtype(device, type);
    at::autocast::set_autocast_enabled(device, enabled != 0);
#else
    if (device_type == static_cast<int32_t>(at::kCPU)) {
      at::autocast::set_autocast_cpu_dtype(type);
      at::autocast::set_cpu_enabled(enabled != 0);
    } else {
      at::autocast::set_autocast_gpu_dtype(type);
      at::autocast::set_enabled(enabled != 0);
    }
#endif
  });
}

int32_t sqs_autocast_clear_cache(void) {
  return sqs::guarded([] { at::autocast::clear_cache(); });
}
