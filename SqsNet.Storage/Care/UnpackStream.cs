namespace SqsNet.Storage;

/// <summary>How much may still be unpacked: what a zip file says of its sizes is not to be trusted.</summary>
internal sealed class UnpackBudget(long bytes)
{
    private long _left = bytes;

    internal void Spend(int count, string name)
    {
        _left -= count;
        if (_left < 0)
            throw SweepArchive.Broken(name, "unpacks to more than is allowed");
    }
}

/// <summary>Reads an entry within a budget.</summary>
internal sealed class UnpackStream(Stream inner, UnpackBudget budget, string name) : Stream
{
    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var count = inner.Read(buffer);
        budget.Spend(count, name);
        return count;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        budget.Spend(count, name);
        return count;
    }

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}
