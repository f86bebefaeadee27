using Ringmaster.Devices.Pci;
using Ringmaster.Devices.State;

namespace Ringmaster.Devices.Tests.Pci;

/// <summary>A function with ports, memory and both kinds of messages, whose registers remember.</summary>
public sealed class TestFunction : IPciDevice, IRegisterBlock
{
    public TestFunction()
    {
        Pci = new PciFunction(new PciIdentity(0x1234, 0x5678, 0x01_0203), pin: 2);
        Pci.AddBar(0, PciBarKind.Io, 16, this);
        Pci.AddBar(2, PciBarKind.Memory64, 0x4000, this);
        Pci.AddMsix(3, 1);
        Pci.AddMsi(4);
        Pci.Reset();
    }

    public string Name => "function";

    public string Kind => "function";

    public PciFunction Pci { get; }

    public List<string> Log { get; } = [];

    public ulong Read(ulong offset, int size)
    {
        Log.Add($"read {offset:x}/{size}");
        return 0x1122_3344_5566_7788;
    }

    public void Write(ulong offset, int size, ulong value) => Log.Add($"write {offset:x}/{size} {value:x}");

    public void Reset() => Pci.Reset();

    public SavedState Save() => throw new NotSupportedException();

    public void Restore(SavedState state) => throw new NotSupportedException();
}
