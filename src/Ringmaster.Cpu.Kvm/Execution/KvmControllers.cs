using Ringmaster.Cpu.Interrupts;
using Ringmaster.Cpu.Kvm.State;
using Ringmaster.Host;
using Ringmaster.Host.Kvm;

namespace Ringmaster.Cpu.Kvm.Execution;

/// <summary>The 8259 pair and the I/O APIC in the kernel.</summary>
internal sealed class KvmControllers : IVirtualControllers
{
    private readonly KvmVm _vm;
    private readonly Lock _lock = new();
    private bool _isClosed;

    /// <summary>Puts all controllers into the kernel. The VM has no vCPU yet.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public KvmControllers(KvmVm vm)
    {
        _vm = vm;
        vm.CreateControllers();
    }

    /// <inheritdoc/>
    /// <exception cref="KvmException">The kernel refuses the state.</exception>
    public void Import(PicRegisters master, PicRegisters slave, IoApicRegisters ioApic)
    {
        try
        {
            // What the slave asks for reaches the master at once.
            _vm.Slave = slave.ToKvm(isMaster: false);
            _vm.Master = master.ToKvm(isMaster: true);
            _vm.IoApic = ioApic.ToKvm();
        }
        catch (LinuxException error)
        {
            throw new KvmException($"The kernel refuses the state of the interrupt controllers: {error.Message}.", error);
        }
    }

    /// <inheritdoc/>
    public (PicRegisters Master, PicRegisters Slave, IoApicRegisters IoApic) Export() =>
        (_vm.Master.ToCanonical(), _vm.Slave.ToCanonical(), _vm.IoApic.ToCanonical());

    /// <inheritdoc/>
    public void SetPicInput(int input, bool asserted)
    {
        lock (_lock)
        {
            if (!_isClosed)
                _vm.SetPicInput(input, asserted);
        }
    }

    /// <inheritdoc/>
    public void SetIoApicInput(int input, bool asserted)
    {
        lock (_lock)
        {
            if (!_isClosed)
                _vm.SetIoApicInput(input, asserted);
        }
    }

    /// <summary>The VM will be gone; inputs lead nowhere from now on.</summary>
    public void Close()
    {
        lock (_lock)
            _isClosed = true;
    }
}
