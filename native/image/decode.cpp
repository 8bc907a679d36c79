// JPEG by libjpeg-turbo (twice as fast as any other here), PNG and BMP by stb_image.
#include <cstring>
#include <memory>
#include <vector>

#include "internal.h"

#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_STATIC
#define STBI_ONLY_PNG
#define STBI_ONLY_BMP
#define STBI_NO_STDIO
#define STBI_NO_HDR
#define STBI_NO_LINEAR
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#include <stb/stb_image.h>
#pragma GCC diagnostic pop
#include <turbojpeg.h>

namespace sqsimage {

std::string& last_error() {
  thread_local std::string error;
  return error;
}

namespace {

enum class Format { jpeg, png, bmp };

bool starts_with(const uint8_t* bytes, int64_t length, const char* magic, int64_t size, int64_t at = 0) {
  return length >= at + size && std::memcmp(bytes + at, magic, size) == 0;
}

Format find_format(const uint8_t* bytes, int64_t length) {
  if (!bytes || length <= 0) throw Failure{SQS_IMAGE_BROKEN, "the file is empty"};
  if (starts_with(bytes, length, "\xFF\xD8\xFF", 3)) return Format::jpeg;
  if (starts_with(bytes, length, "\x89PNG\r\n\x1A\n", 8)) return Format::png;
  if (starts_with(bytes, length, "BM", 2)) return Format::bmp;
  const char* known = nullptr;
  if (starts_with(bytes, length, "RIFF", 4) && starts_with(bytes, length, "WEBP", 4, 8)) known = "WebP";
  if (starts_with(bytes, length, "GIF8", 4)) known = "GIF";
  if (starts_with(bytes, length, "II*\0", 4) || starts_with(bytes, length, "MM\0*", 4)) known = "TIFF";
  if (starts_with(bytes, length, "ftypavif", 8, 4)) known = "AVIF";
  if (starts_with(bytes, length, "ftyphei", 7, 4)) known = "HEIF";
  throw Failure{SQS_IMAGE_UNSUPPORTED, known ? std::string("this is a ") + known + " image; only JPEG, PNG and BMP are read. Save it as one of these"
                                             : std::string("this is not a JPEG, PNG or BMP image. Get it again, or remove it")};
}

void check_size(int64_t width, int64_t height) {
  if (width < 1 || height < 1) throw Failure{SQS_IMAGE_BROKEN, "the image has no pixels"};
  if (width > SQS_IMAGE_MAX_PIXELS / height)
    throw Failure{SQS_IMAGE_TOO_LARGE, "the image claims " + std::to_string(width) + " x " + std::to_string(height) +
                                           " pixels; at most 64 million are read. Make it smaller, or remove it"};
}

struct TurboDeleter {
  void operator()(void* handle) const { tjDestroy(handle); }
};

using TurboHandle = std::unique_ptr<void, TurboDeleter>;

TurboHandle& turbo_handle() {
  thread_local TurboHandle handle;
  return handle;
}

tjhandle turbo() {
  if (!turbo_handle()) turbo_handle().reset(tjInitDecompress());
  if (!turbo_handle()) throw std::bad_alloc();
  return turbo_handle().get();
}

// The library's last word as a failure. The handle goes with it: libjpeg-turbo 2.1 leaves a handle in the middle of a
// broken header, and every later image would be refused for it.
Failure turbo_failure(const char* where) {
  Failure failure{SQS_IMAGE_BROKEN, std::string(where) + tjGetErrorStr2(turbo())};
  turbo_handle().reset();
  return failure;
}

// Pixels of the image being decoded; kept from image to image, so that small ones cost no allocation.
std::vector<uint8_t>& scratch() {
  thread_local std::vector<uint8_t> pixels;
  return pixels;
}

void release_large_scratch() {
  if (scratch().capacity() > (8u << 20)) std::vector<uint8_t>().swap(scratch());
}

bool is_cmyk(int colours) { return colours == TJCS_CMYK || colours == TJCS_YCCK; }

struct JpegInfo : sqs_image_info {
  bool cmyk;
};

// Stray bytes between segments do no harm, and some collections are full of them. All else is damage.
bool is_stray_bytes() {
  return tjGetErrorCode(turbo()) == TJERR_WARNING && std::strstr(tjGetErrorStr2(turbo()), "extraneous bytes");
}

JpegInfo probe_jpeg(const uint8_t* bytes, int64_t length) {
  int width = 0, height = 0, sampling = 0, colours = 0; // a header without a frame leaves them as they are
  if (tjDecompressHeader3(turbo(), bytes, length, &width, &height, &sampling, &colours) != 0 && !is_stray_bytes())
    throw turbo_failure("JPEG header: ");
  check_size(width, height);
  return {{width, height, colours == TJCS_GRAY ? 1 : 3}, is_cmyk(colours)};
}

// Adobe's programs, and all that follow them, write inverted inks and say so in an APP14 segment before the scan.
bool has_adobe_segment(const uint8_t* bytes, int64_t length) {
  for (int64_t at = 2; at + 9 <= length && bytes[at] == 0xFF && bytes[at + 1] != 0xDA;) {
    if (bytes[at + 1] == 0xEE && std::memcmp(bytes + at + 4, "Adobe", 5) == 0) return true;
    at += 2 + ((bytes[at + 2] << 8) | bytes[at + 3]);
  }
  return false;
}

// Four inks a pixel to `channels` of light, in place: red is what cyan and black leave. No profile is applied.
void inks_to_light(uint8_t* pixels, int64_t count, int channels, bool inverted) {
  for (int64_t i = 0; i < count; i++) {
    uint8_t light[3];
    const int black = inverted ? pixels[4 * i + 3] : 255 - pixels[4 * i + 3];
    for (int c = 0; c < 3; c++) {
      const int ink = inverted ? pixels[4 * i + c] : 255 - pixels[4 * i + c];
      light[c] = static_cast<uint8_t>((ink * black + 127) / 255);
    }
    if (channels == 3)
      std::memcpy(pixels + 3 * i, light, 3);
    else
      pixels[i] = static_cast<uint8_t>((299 * light[0] + 587 * light[1] + 114 * light[2] + 500) / 1000);
  }
}

int64_t big_endian(const uint8_t* bytes) {
  return (int64_t{bytes[0]} << 24) | (bytes[1] << 16) | (bytes[2] << 8) | bytes[3];
}

sqs_image_info probe_stb(const uint8_t* bytes, int64_t length) {
  int width = 0, height = 0, channels = 0;
  // A PNG's size stands in its first chunk. stb_image calls one of a gigapixel an unknown type.
  if (starts_with(bytes, length, "IHDR", 4, 12) && length >= 24) {
    const int64_t claimed_width = big_endian(bytes + 16), claimed_height = big_endian(bytes + 20);
    check_size(claimed_width, claimed_height);
  }
  if (length > INT32_MAX) throw Failure{SQS_IMAGE_TOO_LARGE, "the file is larger than 2 GiB"};
  if (!stbi_info_from_memory(bytes, static_cast<int>(length), &width, &height, &channels))
    throw Failure{SQS_IMAGE_BROKEN, std::string("image header: ") + stbi_failure_reason()};
  check_size(width, height);
  return {width, height, channels};
}

// The smallest of the sizes that the JPEG can be decoded at directly that still has two pixels for each wanted one.
int reduction(const sqs_image_box& box, int out_width, int out_height) {
  for (int divisor : {8, 4, 2})
    if (box.width / divisor >= 2.0 * out_width && box.height / divisor >= 2.0 * out_height) return divisor;
  return 1;
}

// Whether a JPEG's end is there: within its last bytes, for some programs append their own.
bool has_end(const uint8_t* bytes, int64_t length) {
  constexpr int64_t kAppended = 1 << 16;
  for (int64_t at = length - 2; at >= 0 && at >= length - kAppended; --at)
    if (bytes[at] == 0xFF && bytes[at + 1] == 0xD9) return true;
  return false;
}

void decode_jpeg(const uint8_t* bytes, int64_t length, int channels, const sqs_image_box* part, int out_width,
                 int out_height, uint8_t* out) {
  const JpegInfo info = probe_jpeg(bytes, length);
  sqs_image_box box = inside(part, info.width, info.height);
  const int divisor = reduction(box, out_width, out_height);
  const int width = (info.width + divisor - 1) / divisor, height = (info.height + divisor - 1) / divisor;
  scratch().resize(static_cast<size_t>(width) * height * (info.cmyk ? 4 : channels));
  const int format = info.cmyk ? TJPF_CMYK : channels == 1 ? TJPF_GRAY : TJPF_RGB;
  // LIMITSCANS: a small progressive file can otherwise ask for minutes of work.
  if (tjDecompress2(turbo(), bytes, length, scratch().data(), width, 0, height, format, TJFLAG_LIMITSCANS) != 0) {
    // Only the first damage is told: a file with stray bytes may be cut short as well.
    if (!is_stray_bytes()) throw turbo_failure("JPEG data: ");
    if (!has_end(bytes, length)) throw Failure{SQS_IMAGE_BROKEN, "JPEG data: the file ends before the image does"};
  }
  if (info.cmyk)
    inks_to_light(scratch().data(), static_cast<int64_t>(width) * height, channels, has_adobe_segment(bytes, length));
  // Each side by its own ratio: sizes are rounded up when they are divided.
  const double x = static_cast<double>(width) / info.width, y = static_cast<double>(height) / info.height;
  box = {box.left * x, box.top * y, box.width * x, box.height * y};
  resize(scratch().data(), width, height, channels, box, out_width, out_height, out);
}

struct StbDeleter {
  void operator()(stbi_uc* pixels) const { stbi_image_free(pixels); }
};

void decode_stb(const uint8_t* bytes, int64_t length, int channels, const sqs_image_box* part, int out_width,
                int out_height, uint8_t* out) {
  const sqs_image_info info = probe_stb(bytes, length);
  const sqs_image_box box = inside(part, info.width, info.height);
  int width, height, found;
  std::unique_ptr<stbi_uc, StbDeleter> pixels(
      stbi_load_from_memory(bytes, static_cast<int>(length), &width, &height, &found, channels));
  if (!pixels) throw Failure{SQS_IMAGE_BROKEN, std::string("image data: ") + stbi_failure_reason()};
  resize(pixels.get(), width, height, channels, box, out_width, out_height, out);
}

}  // namespace
}  // namespace sqsimage

using namespace sqsimage;

SQS_EXPORT int32_t sqs_image_probe(const uint8_t* bytes, int64_t length, sqs_image_info* info) {
  return guarded([&] {
    if (!info) throw Failure{SQS_IMAGE_BAD_ARGUMENT, "no place for the result"};
    *info = find_format(bytes, length) == Format::jpeg ? probe_jpeg(bytes, length) : probe_stb(bytes, length);
  });
}

SQS_EXPORT int32_t sqs_image_decode(const uint8_t* bytes, int64_t length, int32_t channels, const sqs_image_box* box,
                                    int32_t out_width, int32_t out_height, uint8_t* out) {
  const int32_t status = guarded([&] {
    if (!out || out_width < 1 || out_height < 1 || (channels != 1 && channels != 3))
      throw Failure{SQS_IMAGE_BAD_ARGUMENT, "sizes must be positive and channels 1 or 3"};
    if (find_format(bytes, length) == Format::jpeg)
      decode_jpeg(bytes, length, channels, box, out_width, out_height, out);
    else
      decode_stb(bytes, length, channels, box, out_width, out_height, out);
  });
  release_large_scratch();
  return status;
}

SQS_EXPORT const char* sqs_image_error(void) { return last_error().c_str(); }
