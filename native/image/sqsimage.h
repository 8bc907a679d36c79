// C ABI of libsqsimage: image files to 8-bit pixels of a wanted size. Every function is safe for several threads and
// returns a status; after one that is not SQS_IMAGE_OK, sqs_image_error() has the reason for this thread.
#pragma once
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum sqs_image_status {
  SQS_IMAGE_OK = 0,
  SQS_IMAGE_BROKEN = 1,       // damaged or cut short
  SQS_IMAGE_UNSUPPORTED = 2,  // not JPEG, PNG or BMP, or a flavour of them that is not read
  SQS_IMAGE_TOO_LARGE = 3,    // more pixels than SQS_IMAGE_MAX_PIXELS, or no memory for them
  SQS_IMAGE_BAD_ARGUMENT = 4,
};

// Larger images are refused before any memory is taken for them: a header of 30 bytes can claim a gigapixel.
#define SQS_IMAGE_MAX_PIXELS (64 * 1024 * 1024)

typedef struct {
  int32_t width, height;
  int32_t channels;  // as in the file: 1, 2 (gray, opacity), 3 or 4
} sqs_image_info;

// Part of an image, in pixels; may start and end between pixels.
typedef struct {
  double left, top, width, height;
} sqs_image_box;

// Reads the header only.
int32_t sqs_image_probe(const uint8_t* bytes, int64_t length, sqs_image_info* info);

// Decodes to `channels` (1 gray, 3 RGB), takes `box` (null: all; cut to the image) and resizes it to
// out_width x out_height, HWC. Opacity is dropped.
int32_t sqs_image_decode(const uint8_t* bytes, int64_t length, int32_t channels, const sqs_image_box* box,
                         int32_t out_width, int32_t out_height, uint8_t* out);

// Resizes pixels (HWC): averages areas where it shrinks, interpolates linearly between pixel centres where it grows.
int32_t sqs_image_resize(const uint8_t* pixels, int32_t width, int32_t height, int32_t channels,
                         const sqs_image_box* box, int32_t out_width, int32_t out_height, uint8_t* out);

// Why the last call on this thread failed; empty after one that did not.
const char* sqs_image_error(void);

#ifdef __cplusplus
}
#endif
