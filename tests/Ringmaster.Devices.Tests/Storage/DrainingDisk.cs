using Ringmaster.Devices.Storage;
using Ringmaster.Devices.Tests.Contract;

namespace Ringmaster.Devices.Tests.Storage;

/// <summary>A test's disk that keeps the promise of <see cref="IBlockBackend.Drain"/>: what waits is done at once, and its end told later.</summary>
public sealed class DrainingDisk(TestDisk disk) : IBlockBackend
{
    private readonly Queue<(BlockRequest Request, BlockStatus Status)> _untold = [];
    private bool _isDraining;

    public ulong Length => disk.Length;

    public bool IsReadOnly => disk.IsReadOnly;

    public bool CanDiscard => disk.CanDiscard;

    public bool TryRead(ulong offset, IReadOnlyList<Memory<byte>> buffers) => disk.TryRead(offset, buffers);

    public int Waiting => disk.Waiting;

    public int Drained { get; private set; }

    public void Submit(BlockRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        disk.Submit(request with
        {
            Completed = status =>
            {
                if (_isDraining)
                    _untold.Enqueue((request, status));
                else
                    request.Completed(status);
            },
        });
    }

    public void Drain()
    {
        Drained++;
        _isDraining = true;
        disk.CompleteSome();
        _isDraining = false;
    }

    public void CompleteSome(int most = int.MaxValue)
    {
        while (_untold.TryDequeue(out var ended))
            ended.Request.Completed(ended.Status);
        disk.CompleteSome(most);
    }
}
