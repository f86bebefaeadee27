using System.Text;
using Ringmaster.Firmware.Boot;
using Ringmaster.Memory;

namespace Ringmaster.Firmware.Tests.Images;

/// <summary>RAM to boot into, and a look at what the boot left there.</summary>
internal sealed class TestGuest(ulong megabytes = 16) : IDisposable
{
    public GuestMemory Memory { get; } = GuestMemory.CreatePc(megabytes << 20);

    public MemoryMap Map => MemoryMap.ForPc(Memory);

    public BootResult Load(BootRequest request) => KernelImage.Load(request, Memory, Map);

    public string Refusal(BootRequest request) => Assert.Throws<KernelLoadException>(() => Load(request)).Message;

    public byte[] Bytes(ulong address, int length)
    {
        var bytes = new byte[length];
        Assert.True(Memory.TryRead(new(address), bytes));
        return bytes;
    }

    public uint U32(ulong address) => BitConverter.ToUInt32(Bytes(address, 4));

    public ulong U64(ulong address) => BitConverter.ToUInt64(Bytes(address, 8));

    public string Text(ulong address)
    {
        var text = new StringBuilder();
        for (; Bytes(address, 1)[0] is not 0 and var c; address++)
            text.Append((char)c);
        return text.ToString();
    }

    public void Dispose() => Memory.Dispose();
}
