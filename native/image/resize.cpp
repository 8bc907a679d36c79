// Separable resizing with per-axis weights: exact area averages where it shrinks, bilinear where it grows.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include "internal.h"

namespace sqsimage {
namespace {

// What each output pixel of an axis takes from which input pixels.
struct Axis {
  std::vector<int> first, count;
  std::vector<float> weights;  // `stride` for each output pixel
  int stride;
};

Axis make_axis(int size, double start, double length, int out) {
  const double scale = length / out;
  Axis axis;
  axis.stride = scale > 1 ? static_cast<int>(std::ceil(scale)) + 2 : 2;
  axis.first.resize(out);
  axis.count.resize(out);
  axis.weights.assign(static_cast<size_t>(out) * axis.stride, 0.0f);
  for (int i = 0; i < out; i++) {
    float* weights = &axis.weights[static_cast<size_t>(i) * axis.stride];
    if (scale > 1) {
      const double from = start + i * scale, to = std::min<double>(start + (i + 1) * scale, size);
      const int first = std::clamp(static_cast<int>(std::floor(from)), 0, size - 1);
      const int end = std::clamp(static_cast<int>(std::ceil(to)), first + 1, std::min(size, first + axis.stride));
      axis.first[i] = first;
      axis.count[i] = end - first;
      for (int x = first; x < end; x++)
        weights[x - first] =
            static_cast<float>((std::min<double>(x + 1, to) - std::max<double>(x, from)) / (to - from));
    } else {
      // Pixel centres at halves; beyond the outermost centres the edge goes on.
      const double at = std::clamp(start + (i + 0.5) * scale - 0.5, 0.0, size - 1.0);
      const int first = std::min(static_cast<int>(at), std::max(size - 2, 0));
      axis.first[i] = first;
      axis.count[i] = std::min(2, size);
      weights[0] = size > 1 ? static_cast<float>(1 - (at - first)) : 1.0f;
      weights[1] = size > 1 ? static_cast<float>(at - first) : 0.0f;
    }
  }
  return axis;
}

template <int Channels>
void filter_row(const uint8_t* row, const Axis& axis, int out_width, float* line) {
  for (int i = 0; i < out_width; i++) {
    const float* weights = &axis.weights[static_cast<size_t>(i) * axis.stride];
    const uint8_t* from = row + static_cast<size_t>(axis.first[i]) * Channels;
    float sum[Channels] = {};
    for (int k = 0; k < axis.count[i]; k++)
      for (int c = 0; c < Channels; c++) sum[c] += weights[k] * from[k * Channels + c];
    for (int c = 0; c < Channels; c++) line[i * Channels + c] = sum[c];
  }
}

}  // namespace

sqs_image_box inside(const sqs_image_box* box, int width, int height) {
  if (!box) return {0, 0, static_cast<double>(width), static_cast<double>(height)};
  const double left = std::clamp<double>(box->left, 0, width), top = std::clamp<double>(box->top, 0, height);
  const double right = std::clamp<double>(box->left + box->width, 0, width);
  const double bottom = std::clamp<double>(box->top + box->height, 0, height);
  // Written so that a NaN anywhere is refused too.
  if (!(right - left >= 1 && bottom - top >= 1))
    throw Failure{SQS_IMAGE_BAD_ARGUMENT, "the part to cut out lies outside of the image"};
  return {left, top, right - left, bottom - top};
}

void resize(const uint8_t* pixels, int width, int height, int channels, sqs_image_box box, int out_width,
            int out_height, uint8_t* out) {
  if (box.width == out_width && box.height == out_height && box.left == std::floor(box.left) &&
      box.top == std::floor(box.top)) {
    const size_t stride = static_cast<size_t>(width) * channels, line = static_cast<size_t>(out_width) * channels;
    const uint8_t* from = pixels + static_cast<size_t>(box.top) * stride + static_cast<size_t>(box.left) * channels;
    for (int y = 0; y < out_height; y++) std::memcpy(out + y * line, from + y * stride, line);
    return;
  }
  const Axis columns = make_axis(width, box.left, box.width, out_width);
  const Axis rows = make_axis(height, box.top, box.height, out_height);
  const int top = rows.first.front(), bottom = rows.first.back() + rows.count.back();
  const size_t line = static_cast<size_t>(out_width) * channels;
  thread_local std::vector<float> narrow;
  narrow.resize(line * (bottom - top));
  for (int y = top; y < bottom; y++) {
    const uint8_t* row = pixels + static_cast<size_t>(y) * width * channels;
    float* to = &narrow[(y - top) * line];
    channels == 1 ? filter_row<1>(row, columns, out_width, to) : filter_row<3>(row, columns, out_width, to);
  }
  std::vector<float> sum(line);
  for (int y = 0; y < out_height; y++) {
    std::fill(sum.begin(), sum.end(), 0.5f);  // rounds to nearest when cut to an integer
    for (int k = 0; k < rows.count[y]; k++) {
      const float weight = rows.weights[static_cast<size_t>(y) * rows.stride + k];
      const float* from = &narrow[(rows.first[y] + k - top) * line];
      for (size_t i = 0; i < line; i++) sum[i] += weight * from[i];
    }
    for (size_t i = 0; i < line; i++) out[y * line + i] = static_cast<uint8_t>(std::clamp(sum[i], 0.0f, 255.0f));
  }
}

}  // namespace sqsimage

SQS_EXPORT int32_t sqs_image_resize(const uint8_t* pixels, int32_t width, int32_t height, int32_t channels,
                                    const sqs_image_box* box, int32_t out_width, int32_t out_height, uint8_t* out) {
  return sqsimage::guarded([&] {
    if (!pixels || !out || width < 1 || height < 1 || out_width < 1 || out_height < 1 ||
        (channels != 1 && channels != 3))
      throw sqsimage::Failure{SQS_IMAGE_BAD_ARGUMENT, "sizes must be positive and channels 1 or 3"};
    sqsimage::resize(pixels, width, height, channels, sqsimage::inside(box, width, height), out_width, out_height,
                     out);
  });
}
