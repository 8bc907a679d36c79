// Shared by the two halves of libsqsimage.
#pragma once
#include "sqsimage.h"

#include <exception>
#include <new>
#include <string>
#include <utility>

#define SQS_EXPORT extern "C" __attribute__((visibility("default")))

namespace sqsimage {

struct Failure {
  sqs_image_status status;
  std::string reason;
};

std::string& last_error();

// The one guard around every export: no C++ exception crosses the C boundary.
template <typename Body>
int32_t guarded(Body&& body) {
  try {
    last_error().clear();
    std::forward<Body>(body)();
    return SQS_IMAGE_OK;
  } catch (const Failure& failure) {
    last_error() = failure.reason;
    return failure.status;
  } catch (const std::bad_alloc&) {
    last_error() = "not enough memory for the image";
    return SQS_IMAGE_TOO_LARGE;
  } catch (const std::exception& error) {
    last_error() = error.what();
    return SQS_IMAGE_BROKEN;
  } catch (...) {
    last_error() = "unknown error";
    return SQS_IMAGE_BROKEN;
  }
}

// Resizes a part of the pixels; the box lies inside of them.
void resize(const uint8_t* pixels, int width, int height, int channels, sqs_image_box box, int out_width,
            int out_height, uint8_t* out);

// The box cut to the image; the whole image for null. Throws Failure where nothing is left.
sqs_image_box inside(const sqs_image_box* box, int width, int height);

}  // namespace sqsimage
