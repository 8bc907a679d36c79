#include <map>

#include "convert.h"
#include "guard.h"
#include "sqstorch.h"

namespace {

struct AdamW {
  double lr, beta1, beta2, eps, weight_decay;
};

// Loshchilov and Hutter 2019, algorithm 2, in the order of PyTorch's operations. `target_clones` gives the wider
// registers where they exist; fused multiply-add stays off, so that every machine computes the same bits.
template <class Real>
struct Coefficients {
  Real decay, beta1, one_minus_beta1, beta2, one_minus_beta2, step_size, root_correction, eps;

  Coefficients(const AdamW& rule, int64_t step)
      : decay(static_cast<Real>(1 - rule.lr * rule.weight_decay)),
        beta1(static_cast<Real>(rule.beta1)),
        one_minus_beta1(static_cast<Real>(1 - rule.beta1)),
        beta2(static_cast<Real>(rule.beta2)),
        one_minus_beta2(static_cast<Real>(1 - rule.beta2)),
        step_size(static_cast<Real>(rule.lr / (1 - std::pow(rule.beta1, static_cast<double>(step))))),
        root_correction(static_cast<Real>(std::sqrt(1 - std::pow(rule.beta2, static_cast<double>(step))))),
        eps(static_cast<Real>(rule.eps)) {}
};

#define SQS_ADAMW_LOOP                                                                    \
  for (int64_t i = begin; i < end; i++) {                                                 \
    const auto gradient = g[i];                                                           \
    const auto mean = m[i] * c.beta1 + c.one_minus_beta1 * gradient;                      \
    const auto square = v[i] * c.beta2 + c.one_minus_beta2 * gradient * gradient;         \
    m[i] = mean;                                                                          \
    v[i] = square;                                                                        \
    p[i] = p[i] * c.decay - c.step_size * mean / (std::sqrt(square) / c.root_correction + c.eps); \
  }

#if defined(__x86_64__)
#define SQS_WIDE __attribute__((target_clones("avx2", "default"), optimize("O3", "no-math-errno")))
#else
#define SQS_WIDE __attribute__((optimize("O3", "no-math-errno")))
#endif

SQS_WIDE void adamw_span(float* __restrict__ p, const float* __restrict__ g, float* __restrict__ m,
                         float* __restrict__ v, const Coefficients<float>& c, int64_t begin, int64_t end) {
  SQS_ADAMW_LOOP
}

SQS_WIDE void adamw_span(double* __restrict__ p, const double* __restrict__ g, double* __restrict__ m,
                         double* __restrict__ v, const Coefficients<double>& c, int64_t begin, int64_t end) {
  SQS_ADAMW_LOOP
}

template <class Real>
void adamw_dense(const at::Tensor& parameter, const at::Tensor& grad, const at::Tensor& mean, const at::Tensor& square,
                 const AdamW& rule, int64_t step) {
  const Coefficients<Real> coefficients(rule, step);
  auto* p = parameter.data_ptr<Real>();
  const auto* g = grad.data_ptr<Real>();
  auto* m = mean.data_ptr<Real>();
  auto* v = square.data_ptr<Real>();
  at::parallel_for(0, parameter.numel(), 32768,
                   [&](int64_t begin, int64_t end) { adamw_span(p, g, m, v, coefficients, begin, end); });
  // Autograd must notice that a value changed which it may have saved.
  parameter.unsafeGetTensorImpl()->bump_version();
}

void adamw_composed(const at::Tensor& parameter, const at::Tensor& grad, const at::Tensor& mean,
                    const at::Tensor& square, const AdamW& rule, int64_t step) {
  const auto correction1 = 1 - std::pow(rule.beta1, static_cast<double>(step));
  const auto correction2 = 1 - std::pow(rule.beta2, static_cast<double>(step));
  parameter.mul_(1 - rule.lr * rule.weight_decay);
  mean.mul_(rule.beta1).add_(grad, 1 - rule.beta1);
  square.mul_(rule.beta2).addcmul_(grad, grad, 1 - rule.beta2);
  const auto denominator = square.sqrt().div_(std::sqrt(correction2)).add_(rule.eps);
  parameter.addcdiv_(mean, denominator, -rule.lr / correction1);
}

bool same_layout(const at::Tensor& a, const at::Tensor& b) {
  return a.strides() == b.strides() && a.scalar_type() == b.scalar_type() && a.device() == b.device();
}

void adamw_one(const at::Tensor& parameter, at::Tensor grad, const at::Tensor& mean, const at::Tensor& square,
               const AdamW& rule, int64_t step) {
  const auto type = parameter.scalar_type();
  const bool dense = parameter.is_cpu() && parameter.is_non_overlapping_and_dense() &&
                     (type == at::kFloat || type == at::kDouble) && same_layout(parameter, mean) &&
                     same_layout(parameter, square);
  if (!dense) {
    adamw_composed(parameter, grad, mean, square, rule, step);
    return;
  }
  if (!same_layout(parameter, grad)) grad = at::empty_like(parameter).copy_(grad);
  if (type == at::kFloat) {
    adamw_dense<float>(parameter, grad, mean, square, rule, step);
  } else {
    adamw_dense<double>(parameter, grad, mean, square, rule, step);
  }
}

#if SQS_TORCH_AT_LEAST(2, 1)
// On a GPU hundreds of small kernels per step would cost more than their work; libtorch 2 has one for all parameters.
struct FusedAdamW {
  std::vector<at::Tensor> parameters, grads, means, squares;
  std::vector<at::Tensor> steps;
  std::map<int64_t, at::Tensor> step_of;

  static bool fits(const at::Tensor& parameter, const at::Tensor& mean, const at::Tensor& square) {
    return parameter.is_cuda() && parameter.scalar_type() == at::kFloat && same_layout(parameter, mean) &&
           same_layout(parameter, square);
  }

  void add(const at::Tensor& parameter, const at::Tensor& grad, const at::Tensor& mean, const at::Tensor& square,
           int64_t step) {
    parameters.push_back(parameter);
    grads.push_back(same_layout(parameter, grad) ? grad : at::empty_like(parameter).copy_(grad));
    means.push_back(mean);
    squares.push_back(square);
    // Filled on the GPU: a copy of the count from the host would wait for the whole step.
    auto& count = step_of[step];
    if (!count.defined()) count = at::full({}, static_cast<double>(step), parameter.options());
    steps.push_back(count);
  }

  void run(const AdamW& rule) {
    if (parameters.empty()) return;
    at::_fused_adamw_(parameters, grads, means, squares, {}, steps, rule.lr, rule.beta1, rule.beta2,
                      rule.weight_decay, rule.eps, /*amsgrad=*/false, /*maximize=*/false);
  }
};
#endif

}  // namespace

int32_t sqs_optim_adamw(const sqs_tensor* parameters, const sqs_tensor* exp_avgs, const sqs_tensor* exp_avg_sqs,
                        int64_t* steps, int64_t count, double lr, double beta1, double beta2, double eps,
                        double weight_decay) {
  return sqs::guarded([&] {
    c10::NoGradGuard no_grad;
    const AdamW rule{lr, beta1, beta2, eps, weight_decay};
    const auto p = sqs::tensors(parameters, count);
    const auto m = sqs::tensors(exp_avgs, count);
    const auto v = sqs::tensors(exp_avg_sqs, count);
#if SQS_TORCH_AT_LEAST(2, 1)
    FusedAdamW fused;
#endif
    for (int64_t i = 0; i < count; i++) {
      const auto& grad = p[i].grad();
      if (!grad.defined()) continue;
      ++steps[i];
#if SQS_TORCH_AT_LEAST(2, 1)
      if (FusedAdamW::fits(p[i], m[i], v[i])) {
        fused.add(p[i], grad, m[i], v[i], steps[i]);
        continue;
      }
#endif
      adamw_one(p[i], grad, m[i], v[i], rule, steps[i]);
    }
#if SQS_TORCH_AT_LEAST(2, 1)
    fused.run(rule);
#endif
  });
}

int32_t sqs_optim_clip_grad_norm(const sqs_tensor* parameters, int64_t count, double max_norm, sqs_tensor* out) {
  return sqs::guarded([&] {
    c10::NoGradGuard no_grad;
    std::vector<at::Tensor> grads;
    for (const auto& parameter : sqs::tensors(parameters, count)) {
      if (parameter.grad().defined()) grads.push_back(parameter.grad());
    }
    if (grads.empty()) {
      *out = sqs::give(at::zeros({}));
      return;
    }
    auto total = at::linalg_vector_norm(at::stack(at::_foreach_norm(grads, 2)), 2);
    // As in PyTorch a norm that is not a number spoils every gradient, so that the failure is seen.
#if SQS_TORCH_AT_LEAST(2, 1)
    if (total.is_cuda()) {
      // Read by the GPU alone: the host goes on.
      at::_foreach_mul_(grads, total.add(1e-6).reciprocal_().mul_(max_norm).clamp_max_(1));
      *out = sqs::give(std::move(total));
      return;
    }
#endif
    const auto factor = max_norm / (total.item<double>() + 1e-6);
    if (!(factor >= 1)) at::_foreach_mul_(grads, factor);
    *out = sqs::give(std::move(total));
  });
}

int32_t sqs_optim_average(const sqs_tensor* averages, const sqs_tensor* values, int64_t count, double kept) {
  return sqs::guarded([&] {
    c10::NoGradGuard no_grad;
    const auto average = sqs::tensors(averages, count);
    const auto value = sqs::tensors(values, count);
#if SQS_TORCH_AT_LEAST(2, 1)
    if (count > 0 && average[0].is_cuda()) {
      std::vector<at::Tensor> fractions, towards, others, sources;
      for (int64_t i = 0; i < count; i++) {
        const bool fraction = average[i].is_floating_point();
        (fraction ? fractions : others).push_back(average[i]);
        (fraction ? towards : sources).push_back(value[i]);
      }
      if (!fractions.empty()) at::_foreach_lerp_(fractions, towards, 1 - kept);
      if (!others.empty()) at::_foreach_copy_(others, sources);
      return;
    }
#endif
    for (int64_t i = 0; i < count; i++) {
      if (average[i].is_floating_point()) {
        average[i].lerp_(value[i], 1 - kept);
      } else {
        average[i].copy_(value[i]);
      }
    }
  });
}
