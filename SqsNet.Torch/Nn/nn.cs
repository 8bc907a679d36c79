namespace SqsNet.Torch;

public static partial class torch
{
    /// <summary>Layers, their functional forms, initialisation.</summary>
    public static partial class nn
    {
        /// <summary>Modules one after the other, named 0, 1, 2...</summary>
        /// <param name="modules">In order.</param>
        public static Sequential Sequential(params IEnumerable<Module<Tensor, Tensor>> modules) =>
            new(modules.Select((module, i) => (i.ToString(), module)));

        /// <summary>Modules one after the other, under names of their own.</summary>
        /// <param name="modules">Names and modules in order.</param>
        public static Sequential Sequential(params IEnumerable<(string name, Module<Tensor, Tensor> module)> modules) =>
            new(modules);

        /// <summary>Modules under the names 0, 1, 2...</summary>
        /// <typeparam name="T">Their type.</typeparam>
        /// <param name="modules">In order.</param>
        public static ModuleList<T> ModuleList<T>(params IEnumerable<T> modules)
            where T : Module => new(modules);

        /// <summary>Work on the parameters of a whole network.</summary>
        public static class utils
        {
            /// <summary>Scales gradients down so that their common 2-norm is at most a given one.</summary>
            /// <param name="parameters">Parameters; those without a gradient are passed over.</param>
            /// <param name="maxNorm">The largest norm allowed, positive.</param>
            /// <returns>The norm before, without dimensions; not a finite number where a gradient is not.</returns>
            /// <remarks>On a GPU nothing waits: whoever reads the norm does.</remarks>
            /// <exception cref="ArgumentOutOfRangeException">The largest norm is not positive.</exception>
            public static Tensor clip_grad_norm_(IEnumerable<Tensor> parameters, double maxNorm)
            {
                ArgumentNullException.ThrowIfNull(parameters);
                ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxNorm);
                return Gradients.ClipNorm([.. parameters], maxNorm);
            }
        }
    }
}
