using SqsNet.Torch;
using static SqsNet.Torch.torch;

namespace SqsNet.Engine.Layers;

/// <summary>The ways in which timm draws the first weights of single layers. Other layers are left as they are.</summary>
/// <remarks>Draws come from the calling thread's generator, in the order of the modules.</remarks>
internal static class WeightInit
{
    /// <summary>TensorFlow's reference for EfficientNet: convolutions normal by fan-out, the classifier uniform.</summary>
    internal static void Google(Module module)
    {
        switch (module)
        {
            case Conv2d conv:
                ByFanOut(conv.weight);
                if (conv.bias is { } bias)
                    nn.init.zeros_(bias);
                break;
            case Conv2dSame conv:
                ByFanOut(conv.Weight);
                break;
            case Linear linear:
                var range = 1 / Math.Sqrt(linear.weight.shape[0]);
                nn.init.uniform_(linear.weight, -range, range);
                if (linear.bias is { } shift)
                    nn.init.zeros_(shift);
                break;
        }
    }

    /// <summary>Vision transformers: linear layers truncated normal with SD 0.02, biases zero.</summary>
    internal static void Transformer(Module module)
    {
        if (module is not Linear linear)
            return;
        nn.init.trunc_normal_(linear.weight, std: 0.02);
        if (linear.bias is { } bias)
            nn.init.zeros_(bias);
    }

    /// <summary>Normal, with the variance 2 / (connections of one input to the outputs).</summary>
    private static void ByFanOut(Tensor weight)
    {
        // The only grouped convolutions of these networks are depthwise, with one input channel a group.
        var groups = weight.shape[1] == 1 ? weight.shape[0] : 1;
        var fanOut = weight.shape[0] * weight.shape[2] * weight.shape[3] / groups;
        nn.init.normal_(weight, 0, Math.Sqrt(2.0 / fanOut));
    }
}
