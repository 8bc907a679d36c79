using SqsNet.Torch;
using static SqsNet.Torch.torch;

namespace SqsNet.Engine.Models;

/// <summary>How a network wants the colours of its images scaled, by timm's names.</summary>
public enum InputNormalization
{
    /// <summary>Minus ImageNet's means, divided by its standard deviations: what most networks are trained with.</summary>
    ImageNet,

    /// <summary>To -1..1: TensorFlow's MobileNetV2, and timm's weights of Vision Transformers.</summary>
    Inception,
}

/// <summary>The numbers behind the names, and images scaled by them.</summary>
public static class InputNormalizations
{
    private static readonly float[] s_imageNetMean = [0.485f, 0.456f, 0.406f];
    private static readonly float[] s_imageNetDeviation = [0.229f, 0.224f, 0.225f];
    private static readonly float[] s_half = [0.5f, 0.5f, 0.5f];

    /// <summary>What is taken away from red, green and blue, 0..1.</summary>
    public static IReadOnlyList<float> Mean(this InputNormalization normalization) =>
        normalization == InputNormalization.ImageNet ? s_imageNetMean : s_half;

    /// <summary>What red, green and blue are divided by after that, 0..1.</summary>
    public static IReadOnlyList<float> StandardDeviation(this InputNormalization normalization) =>
        normalization == InputNormalization.ImageNet ? s_imageNetDeviation : s_half;

    /// <summary>Scales images; gray ones become three equal channels first.</summary>
    /// <param name="normalization">How.</param>
    /// <param name="images">Shape (B, 1 or 3, H, W), 0..1.</param>
    /// <returns>Shape (B, 3, H, W).</returns>
    public static Tensor Apply(this InputNormalization normalization, Tensor images)
    {
        using var scope = NewDisposeScope();
        var (mean, deviation) = (normalization.Mean(), normalization.StandardDeviation());
        // (x - m) / s as x * (1/s) - m/s, which also repeats a single channel by broadcasting.
        var scale = PerChannel(c => 1 / deviation[c], images.device);
        var shift = PerChannel(c => -mean[c] / deviation[c], images.device);
        return scope.MoveToOuter((images * scale).add_(shift));
    }

    /// <summary>What turns images scaled one way into images scaled another way: x * scale + shift.</summary>
    /// <param name="from">How they are scaled.</param>
    /// <param name="to">How they should be.</param>
    /// <returns>Two tensors of shape (1, 3, 1, 1) on the CPU.</returns>
    internal static (Tensor Scale, Tensor Shift) To(this InputNormalization from, InputNormalization to) =>
        (
            PerChannel(c => from.StandardDeviation()[c] / to.StandardDeviation()[c], CPU),
            PerChannel(c => (from.Mean()[c] - to.Mean()[c]) / to.StandardDeviation()[c], CPU)
        );

    private static Tensor PerChannel(Func<int, float> value, Device device) =>
        tensor<float>([value(0), value(1), value(2)], [1, 3, 1, 1], device);
}
