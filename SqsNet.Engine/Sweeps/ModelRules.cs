using SqsNet.Engine.Models;

namespace SqsNet.Engine.Sweeps;

/// <summary>What sweeps ask of the models.</summary>
internal static class ModelRules
{
    /// <summary>The model with its own branches filled in.</summary>
    internal static ModelSpec Resolve(ModelSpec model) =>
        model.Name switch
        {
            "sqsnet" => model with
            {
                Cnn = model.Cnn ?? "efficientnet_b6",
                Transformer = model.Transformer ?? "swin_small_patch4_window7_224",
            },
            _ => model,
        };
}
