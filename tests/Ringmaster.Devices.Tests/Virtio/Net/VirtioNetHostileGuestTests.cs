using Ringmaster.Devices.Network;
using Ringmaster.Devices.Tests.Network;
using Ringmaster.Devices.Virtio;
using Ringmaster.Devices.Virtio.Net;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Tests.Virtio.Net;

public sealed class VirtioNetHostileGuestTests
{
    private const int Size = 16;

    [Theory]
    [InlineData(0)]
    [InlineData(VirtioFeature.PackedRings)]
    [InlineData(VirtioFeature.IndirectDescriptors | VirtioFeature.EventIndex)]
    [InlineData(VirtioFeature.PackedRings | VirtioFeature.IndirectDescriptors | VirtioFeature.EventIndex)]
    public void Rings_full_of_nonsense_neither_throw_nor_hold_up_anybody(ulong ring)
    {
        var (broken, sent) = (0, 0);
        foreach (var seed in Enumerable.Range(0, 120))
        {
            var random = new Random(seed);
            var net = new NetDriver(ring | (random.Next(2) == 0 ? NetFeature.Offered | NetFeature.OfferedWithPairs : NetFeature.MergeableBuffers),
                takesOffloads: random.Next(2) == 0, pairs: 2, ringSize: Size);
            for (var step = 0; step < 40 && !net.IsBroken; step++)
            {
                var queue = random.Next(net.Rings.Count);
                for (var i = random.Next(4); i > 0; i--)
                    Scribble(net, net.Rings[queue], random);
                net.Driver.Notify(queue);
                var large = LargeFrame.Tcp(random.Next(2) == 0, 0, 0, 0x10, new byte[random.Next(6000)], 500);
                net.Receive(large.Bytes, random.Next(2) == 0 ? large.Offload : FrameOffload.None);
                net.Driver.Clock.Advance(1000);
            }
            broken += net.IsBroken ? 1 : 0;
            sent += net.Network.Sent.Count;
        }
        // Nonsense is found out, and some of it makes sense.
        Assert.NotEqual(0, broken);
        Assert.InRange(sent, 1, 1_000_000);
    }

    private static void Scribble(NetDriver net, TestRing ring, Random random)
    {
        var memory = net.Driver.Memory;
        var descriptor = new byte[16];
        var address = random.Next(10) == 0 ? (ulong)random.NextInt64() : 0x20_0000UL + (ulong)random.Next(0x1_0000);
        BitConverter.TryWriteBytes(descriptor, address);
        BitConverter.TryWriteBytes(descriptor.AsSpan(8), random.Next(20) == 0 ? uint.MaxValue : (uint)random.Next(4000));
        var flags = random.Next(3) / 2 | (random.Next(2) == 0 ? 2 : 0) | (random.Next(12) == 0 ? 4 : 0) | random.Next(2) << 7 | random.Next(8) / 7 << 15;
        BitConverter.TryWriteBytes(descriptor.AsSpan(12), (ushort)flags);
        BitConverter.TryWriteBytes(descriptor.AsSpan(14), (ushort)(ring is PackedTestRing ? flags : random.Next(Size + 1)));
        Assert.True(memory.TryWrite(new GuestPhysicalAddress(ring.Descriptors + 16UL * (ulong)random.Next(Size)), descriptor));
        if (ring is PackedTestRing)
            return;
        Assert.True(memory.TryRead(new GuestPhysicalAddress(ring.Driver + 2), out ushort index));
        Assert.True(memory.TryWrite(new GuestPhysicalAddress(ring.Driver + 4 + 2 * (ulong)(index % Size)), (ushort)random.Next(Size)));
        Assert.True(memory.TryWrite(new GuestPhysicalAddress(ring.Driver + 2), (ushort)(index + (random.Next(30) == 0 ? 100 : 1))));
    }
}
