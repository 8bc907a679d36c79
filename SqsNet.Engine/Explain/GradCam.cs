using SqsNet.Engine.Models;
using SqsNet.Torch;
using static SqsNet.Torch.torch;

namespace SqsNet.Engine.Explain;

/// <summary>Gradient-weighted class activation maps: which places of the image speak for a class.</summary>
/// <remarks>
/// Selvaraju et al. 2017, equations 1 and 2: the map of class k is ReLU(sum over channels c of a_c A_c), where A_c are
/// the activations of the last layer with a place on the image, and a_c is the mean over the places of the gradient of
/// the score of k. Of SQSNet this is the base branch: the fused map and the base head. Of a Vision Transformer it is
/// what the last block takes in.
/// </remarks>
internal static class GradCam
{
    /// <summary>Scores of the images and a map for every class, in the mode that the model is in.</summary>
    /// <param name="model">The model, on the device of the images.</param>
    /// <param name="images">Normalised images, shape (B, 3, S, S).</param>
    /// <returns>Scores, shape (B, K), and maps, shape (B, K, H, W), 0 or more; neither requires gradients.</returns>
    public static (Tensor Logits, Tensor Maps) Of(ImageModel model, Tensor images)
    {
        using var scope = NewDisposeScope();
        Tensor activations;
        using (no_grad())
            activations = model.ForwardToCam(images);
        activations = activations.detach();
        activations.requires_grad_(true);
        Tensor logits;
        using (enable_grad())
            logits = model.ForwardFromCam(activations); // (B, K)
        using var noGrad = no_grad();
        var places = model.CamMaps(activations); // (B, C, H, W)
        var maps = new Tensor[model.Classes];
        for (var k = 0; k < maps.Length; k++)
        {
            // An image's score depends on its own activations alone, so that the sum over the batch gives each its own.
            var chosen = zeros_like(logits);
            chosen.select(1, k).fill_(1);
            var gradient = autograd.grad(logits, [activations], chosen, retain_graph: k < maps.Length - 1)[0]!;
            var weights = model.CamMaps(gradient).mean([2, 3]); // (B, C)
            maps[k] = (places * weights.unsqueeze(-1).unsqueeze(-1)).sum(1).relu(); // (B, H, W)
        }
        return (scope.MoveToOuter(logits.detach()), scope.MoveToOuter(stack(maps, 1).detach()));
    }
}
