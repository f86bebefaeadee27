using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Ringmaster.Backends.Disks;
using Ringmaster.Devices.Storage;
using Ringmaster.Host.Files;

namespace Ringmaster.Backends.Tests.Disks;

public sealed class DiskBackendTests : IDisposable
{
    private const int Size = 4 << 20;

    private readonly string _directory = Directory.CreateTempSubdirectory("backend").FullName;

    private string Disk => Path.Combine(_directory, "disk");

    [Theory]
    [InlineData(DiskFormat.Raw)]
    [InlineData(DiskFormat.Qcow2)]
    public void Requests_overlap_and_all_complete_before_the_back_end_is_disposed(DiskFormat format)
    {
        ImageCreation.Create(new ImageSpec(Disk, format) { Size = Size });
        var ends = new ConcurrentBag<BlockStatus>();
        var content = new byte[Size];
        new Random(1).NextBytes(content);
        var backend = new DiskBackend(new DiskOptions(Disk, format), NullLoggerFactory.Instance);

        const int piece = 16 << 10;
        for (var at = 0; at < Size; at += piece)
            backend.Submit(new(BlockOperation.Write, (ulong)at, piece, ends.Add) { Buffers = [content.AsMemory(at, 100), content.AsMemory(at + 100, piece - 100)] });
        backend.Dispose();

        Assert.Equal(Size / piece, ends.Count);
        Assert.All(ends, end => Assert.Equal(BlockStatus.Done, end));
        using var image = DiskImages.Open(new DiskOptions(Disk, format, IsReadOnly: true));
        var read = new byte[Size];
        image.Read(0, new DiskBuffers(read));
        Assert.Equal(content, read);
    }

    [Theory]
    [InlineData(DiskFormat.Raw)]
    [InlineData(DiskFormat.Qcow2)]
    public void What_the_host_has_in_memory_can_be_read_at_once(DiskFormat format)
    {
        ImageCreation.Create(new ImageSpec(Disk, format) { Size = Size });
        using var backend = new DiskBackend(new DiskOptions(Disk, format), NullLoggerFactory.Instance);
        Assert.Equal(BlockStatus.Done, Carry(backend, BlockOperation.Write, 1 << 20, 7));
        var (first, second, beside) = (new byte[100], new byte[412], new byte[512]);

        Assert.True(backend.TryRead(1 << 20, [first, second]));
        Assert.Equal(Enumerable.Repeat((byte)7, 512), [.. first, .. second]);
        // A host may have to look into a raw file whether there is a hole.
        Assert.True(backend.TryRead(Size - 512, [beside]) || format == DiskFormat.Raw);
        Assert.All(beside, value => Assert.Equal(0, value));
        Assert.False(backend.TryRead(Size, [beside]));
        Assert.False(backend.TryRead(ulong.MaxValue - 511, [beside]));
        Assert.False(backend.TryRead(0, [.. Enumerable.Range(0, DiskFile.MostPieces + 1).Select(_ => new byte[512].AsMemory())]) && format == DiskFormat.Raw);
    }

    [Fact]
    public void Requests_beyond_the_end_and_writes_to_what_is_read_only_are_told_so()
    {
        ImageCreation.Create(new ImageSpec(Disk, DiskFormat.Qcow2) { Size = Size });
        using var backend = new DiskBackend(new DiskOptions(Disk, IsReadOnly: true), NullLoggerFactory.Instance);

        Assert.Equal(BlockStatus.OutOfRange, Carry(backend, BlockOperation.Read, Size));
        Assert.Equal(BlockStatus.OutOfRange, Carry(backend, BlockOperation.Read, ulong.MaxValue - 511));
        Assert.Equal(BlockStatus.ReadOnly, Carry(backend, BlockOperation.Write, 0));
        Assert.Equal(BlockStatus.ReadOnly, Carry(backend, BlockOperation.Discard, 0));
        Assert.Equal(BlockStatus.Done, Carry(backend, BlockOperation.Flush, 0));
        Assert.Equal(BlockStatus.Done, Carry(backend, BlockOperation.Read, Size - 512));
    }

    [Fact]
    public void Writes_to_a_snapshot_are_gone_at_the_end()
    {
        ImageCreation.Create(new ImageSpec(Disk, DiskFormat.Raw) { Size = Size });
        using (var backend = new DiskBackend(new DiskOptions(Disk, DiskFormat.Raw, IsSnapshot: true), NullLoggerFactory.Instance))
        {
            Assert.Equal(BlockStatus.Done, Carry(backend, BlockOperation.Write, 0, 7));
            var read = new byte[512];
            Assert.Equal(BlockStatus.Done, Carry(backend, BlockOperation.Read, 0, buffer: read));
            Assert.All(read, value => Assert.Equal(7, value));
        }

        Assert.All(File.ReadAllBytes(Disk), value => Assert.Equal(0, value));
        Assert.Single(Directory.GetFiles(_directory));
    }

    [Fact]
    public void An_image_is_not_opened_twice_for_writing_nor_by_qemu_meanwhile()
    {
        ImageCreation.Create(new ImageSpec(Disk, DiskFormat.Qcow2) { Size = Size });
        using (DiskImages.Open(new DiskOptions(Disk)))
        {
            var error = Assert.Throws<DiskImageException>(() => DiskImages.Open(new DiskOptions(Disk)));
            Assert.Contains("in use", error.Message, StringComparison.Ordinal);
            Assert.ThrowsAny<Exception>(() => QemuTools.Io(Disk, "write 0 512"));
            Assert.Equal(Size, ImageInspection.Describe(Disk).Length);
        }
        using (DiskImages.Open(new DiskOptions(Disk, IsReadOnly: true)))
            DiskImages.Open(new DiskOptions(Disk, IsReadOnly: true)).Dispose();
        QemuTools.Io(Disk, "write 0 512");
    }

    [Fact]
    public void A_guest_cannot_make_a_disk_whose_format_was_guessed_look_like_another()
    {
        ImageCreation.Create(new ImageSpec(Disk, DiskFormat.Raw) { Size = Size });
        byte[] header = [(byte)'Q', (byte)'F', (byte)'I', 0xFB, 0, 0, 0, 3];
        using (var guessed = DiskImages.Open(new DiskOptions(Disk)))
        {
            Assert.Throws<DiskImageException>(() => guessed.Write(0, Padded(header, 1024)));
            guessed.Write(512, Padded(header, 512));
            guessed.Write(0, new DiskBuffers(new byte[1024]));
        }
        Assert.Equal(DiskFormat.Raw, ImageInspection.FormatOf(Disk));

        using (var named = DiskImages.Open(new DiskOptions(Disk, DiskFormat.Raw)))
            named.Write(0, Padded(header, 512));
        Assert.Equal(DiskFormat.Qcow2, ImageInspection.FormatOf(Disk));
    }

    [Fact]
    public void What_changes_the_image_is_done_one_after_the_other_while_reads_go_on()
    {
        const int changes = 30;
        var image = new GatedImage();
        var ends = new ConcurrentBag<BlockStatus>();
        BlockOperation[] kinds = [BlockOperation.Write, BlockOperation.WriteZeroes, BlockOperation.Discard];
        using (var backend = new DiskBackend(image, NullLoggerFactory.Instance, "gated"))
        {
            for (var i = 0; i < changes; i++)
                backend.Submit(new(kinds[i % kinds.Length], (ulong)i * 512, 512, ends.Add) { Buffers = [new byte[512]] });
            Assert.Equal(BlockStatus.Done, Carry(backend, BlockOperation.Read, 0));
            Assert.Equal(BlockStatus.Done, Carry(backend, BlockOperation.Flush, 0));
            Assert.Empty(ends);
            image.Open(changes);
            backend.Drain();
        }

        Assert.Equal(Enumerable.Range(0, changes).Select(i => i * 512L), image.Begun);
        Assert.Equal(1, image.MostAtOnce);
        Assert.True(SpinWait.SpinUntil(() => ends.Count == changes, TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public void Few_threads_copy_what_the_host_has_in_memory()
    {
        const int reads = 200;
        var image = new CachedImage();
        image.Open();
        var ends = new ConcurrentBag<BlockStatus>();
        using (var backend = new DiskBackend(image, NullLoggerFactory.Instance, "cached"))
        {
            for (var i = 0; i < reads; i++)
                backend.Submit(new(BlockOperation.Read, 512, 512, ends.Add) { Buffers = [new byte[512]] });
        }

        Assert.Equal(reads, ends.Count);
        Assert.InRange(image.MostAtOnce, 1, Math.Clamp(Environment.ProcessorCount / 2, 1, 4));
    }

    [Theory]
    [InlineData(BlockOperation.Read)]
    [InlineData(BlockOperation.Flush)]
    public void What_waits_for_the_hosts_disk_does_not_hold_up_what_is_in_memory(BlockOperation slow)
    {
        var image = new CachedImage();
        var ends = new ConcurrentBag<int>();
        using var backend = new DiskBackend(image, NullLoggerFactory.Instance, "cached");

        // All at once, so that those in memory stand behind those that wait.
        for (var i = 0; i < 30; i++)
        {
            var (number, waits) = (i, i is 0 or 10 or 20);
            var operation = waits ? slow : BlockOperation.Read;
            backend.Submit(new(operation, waits ? 0UL : 512, operation == BlockOperation.Read ? 512UL : 0, _ => ends.Add(number))
            {
                Buffers = operation == BlockOperation.Read ? [new byte[512]] : [],
            });
        }
        var passed = SpinWait.SpinUntil(() => ends.Count == 27, TimeSpan.FromSeconds(30));
        var before = ends.ToArray();
        image.Open();

        Assert.True(passed, $"{before.Length} have ended.");
        Assert.DoesNotContain(0, before);
        Assert.True(SpinWait.SpinUntil(() => ends.Count == 30, TimeSpan.FromSeconds(60)));
    }

    /// <summary>A device that is reset waits for its requests while it holds the lock with which their ends are told.</summary>
    [Theory]
    [InlineData(BlockOperation.Write)]
    [InlineData(BlockOperation.Read)]
    public async Task Requests_can_be_waited_for_with_a_lock_held_that_their_ends_need(BlockOperation operation)
    {
        const int requests = 100;
        ImageCreation.Create(new ImageSpec(Disk, DiskFormat.Raw) { Size = Size });
        using var backend = new DiskBackend(new DiskOptions(Disk, DiskFormat.Raw), NullLoggerFactory.Instance);
        var (machine, ends, told) = (new Lock(), 0, 0);

        await Task.Run(() =>
        {
            lock (machine)
            {
                for (var i = 0; i < requests; i++)
                {
                    backend.Submit(new(operation, (ulong)i * 512, 512, _ =>
                    {
                        lock (machine)
                            Interlocked.Increment(ref ends);
                    }) { Buffers = [new byte[512]] });
                }
                backend.Drain();
                told = ends;
            }
        }).WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Equal(0, told);
        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref ends) == requests, TimeSpan.FromSeconds(60)));
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static DiskBuffers Padded(byte[] start, int length) => new((byte[])[.. start, .. new byte[length - start.Length]]);

    private static BlockStatus Carry(DiskBackend backend, BlockOperation operation, ulong offset, byte fill = 0, byte[]? buffer = null)
    {
        using var done = new ManualResetEventSlim();
        var status = BlockStatus.Failed;
        buffer ??= [.. Enumerable.Repeat(fill, 512)];
        backend.Submit(new(operation, offset, 512, end => { status = end; done.Set(); }) { Buffers = [buffer] });
        Assert.True(done.Wait(TimeSpan.FromSeconds(30)));
        return status;
    }
}
