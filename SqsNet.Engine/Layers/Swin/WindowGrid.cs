using SqsNet.Torch;
using static SqsNet.Torch.torch;

namespace SqsNet.Engine.Layers.Swin;

/// <summary>How a map is cut into windows, cyclically shifted or not: the geometry of one Swin block.</summary>
/// <remarks>
/// Liu et al. 2021, section 3.2. As in timm a map not larger than the window is one window without shift, and a map
/// that windows do not divide is padded with zeros at the end.
/// </remarks>
internal sealed record WindowGrid
{
    /// <param name="side">Side of the map, in tokens.</param>
    /// <param name="window">Side of the window that is wanted.</param>
    /// <param name="shifted">Whether windows are shifted by half of their side.</param>
    internal WindowGrid(int side, int window, bool shifted)
    {
        Side = side;
        Window = Math.Min(side, window);
        Shift = shifted && side > window ? window / 2 : 0;
        Padded = (side + Window - 1) / Window * Window;
    }

    /// <summary>Side of the map, in tokens.</summary>
    internal int Side { get; }

    /// <summary>Side of a window, in tokens.</summary>
    internal int Window { get; }

    /// <summary>Tokens by which windows are shifted, down and right.</summary>
    internal int Shift { get; }

    /// <summary>Side of the map after padding, a multiple of the window.</summary>
    internal int Padded { get; }

    /// <summary>Tokens in a window.</summary>
    internal int Area => Window * Window;

    /// <summary>Windows of one image.</summary>
    internal int Count => Padded / Window * (Padded / Window);

    /// <summary>Cuts a map into windows.</summary>
    /// <param name="x">Shape (B, side, side, C).</param>
    /// <returns>Shape (B * windows, window^2, C).</returns>
    internal Tensor Partition(Tensor x)
    {
        if (Count == 1)
            return x.flatten(1, 2);
        if (Shift > 0)
            x = x.roll([-Shift, -Shift], [1, 2]);
        var pad = Padded - Side;
        if (pad > 0)
            x = nn.functional.pad(x, [0, 0, 0, pad, 0, pad]);
        var rows = Padded / Window;
        var channels = x.shape[^1];
        return x.view(-1, rows, Window, rows, Window, channels)
            .permute(0, 1, 3, 2, 4, 5) // (B, rows, columns, window, window, C)
            .reshape(-1, Area, channels);
    }

    /// <summary>Puts windows back into a map: the inverse of <see cref="Partition"/>.</summary>
    /// <param name="windows">Shape (B * windows, window^2, C).</param>
    /// <returns>Shape (B, side, side, C).</returns>
    internal Tensor Merge(Tensor windows)
    {
        var channels = windows.shape[^1];
        if (Count == 1)
            return windows.view(-1, Side, Side, channels);
        var rows = Padded / Window;
        var x = windows
            .view(-1, rows, rows, Window, Window, channels)
            .permute(0, 1, 3, 2, 4, 5)
            .reshape(-1, Padded, Padded, channels);
        if (Padded > Side)
            x = x.narrow(1, 0, Side).narrow(2, 0, Side);
        return Shift > 0 ? x.roll([Shift, Shift], [1, 2]) : x;
    }

    /// <summary>For each pair of tokens of a window, the row of the bias table that belongs to their offset; row-major.</summary>
    internal long[] RelativePositions()
    {
        var index = new long[Area * Area];
        for (var query = 0; query < Area; query++)
        {
            for (var key = 0; key < Area; key++)
            {
                var down = (query / Window) - (key / Window) + Window - 1;
                var right = (query % Window) - (key % Window) + Window - 1;
                index[(query * Area) + key] = (down * ((2 * Window) - 1)) + right;
            }
        }
        return index;
    }

    /// <summary>
    /// What is added to the scores of shifted windows, so that tokens which the cyclic shift brought together from
    /// opposite edges ignore each other: 0 or -100, in the order (windows, window^2, window^2); null without shift.
    /// </summary>
    internal float[]? ShiftMask()
    {
        if (Shift == 0)
            return null;
        var mask = new float[Count * Area * Area];
        var rows = Padded / Window;
        var regions = new int[Area];
        for (var window = 0; window < Count; window++)
        {
            for (var token = 0; token < Area; token++)
            {
                var y = (window / rows * Window) + (token / Window);
                var x = (window % rows * Window) + (token % Window);
                regions[token] = (Region(y) * 3) + Region(x);
            }
            for (var pair = 0; pair < Area * Area; pair++)
            {
                if (regions[pair / Area] != regions[pair % Area])
                    mask[(window * Area * Area) + pair] = -100;
            }
        }
        return mask;
    }

    private int Region(int place)
    {
        if (place < Padded - Window)
            return 0;
        return place < Padded - Shift ? 1 : 2;
    }
}
