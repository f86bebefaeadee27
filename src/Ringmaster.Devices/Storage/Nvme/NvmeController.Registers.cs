using Ringmaster.Memory;

namespace Ringmaster.Devices.Storage.Nvme;

/// <summary>The registers (NVM Express 1.4 section 3.1).</summary>
public sealed partial class NvmeController
{
    private const int Capabilities = 0x00, VersionRegister = 0x08, MaskSet = 0x0C, MaskClear = 0x10, Configuration = 0x14, StatusRegister = 0x1C;
    private const int AdminSizes = 0x24, AdminSubmission = 0x28, AdminCompletion = 0x30, Doorbells = 0x1000;

    private const uint Enable = 1, AdminSizeBits = 0x0FFF_0FFF;
    private const int MostAdminEntries = 0x1000;
    private const ulong PageBits = GuestPhysicalAddress.PageSize - 1;
    private const byte ShutdownUnderWay = 1, ShutdownComplete = 2;
    private const ulong ShutdownTag = 1UL << 32;

    /// <summary>
    /// 1024 entries a queue, in contiguous memory; half a minute for becoming ready; doorbells without gaps; NVM command set; pages of 4 KiB.
    /// </summary>
    private const ulong CapabilityBits = (MostEntries - 1) | 1UL << 16 | 60UL << 24 | 1UL << 37;

    private uint _configuration, _interruptMask, _adminSizes;
    private ulong _adminSubmission, _adminCompletion;
    private bool _isReady, _isFatal;
    private byte _shutdown;

    private uint StatusBits => (_isReady ? 1u : 0u) | (_isFatal ? 2u : 0u) | (uint)_shutdown << 2;

    private uint ReadDoubleword(int offset) => offset switch
    {
        Capabilities => unchecked((uint)CapabilityBits),
        Capabilities + 4 => (uint)(CapabilityBits >> 32),
        VersionRegister => NvmePages.Version,
        MaskSet or MaskClear => _interruptMask,
        Configuration => _configuration,
        StatusRegister => StatusBits,
        AdminSizes => _adminSizes,
        AdminSubmission => (uint)_adminSubmission,
        AdminSubmission + 4 => (uint)(_adminSubmission >> 32),
        AdminCompletion => (uint)_adminCompletion,
        AdminCompletion + 4 => (uint)(_adminCompletion >> 32),
        _ => 0,
    };

    private void WriteDoubleword(int offset, uint value)
    {
        switch (offset)
        {
            case MaskSet:
                _interruptMask |= value;
                UpdateInterrupts();
                break;
            case MaskClear:
                _interruptMask &= ~value;
                UpdateInterrupts();
                break;
            case Configuration:
                Configure(value);
                break;
            case AdminSizes:
                _adminSizes = value & AdminSizeBits;
                break;
            case AdminSubmission:
                _adminSubmission = (_adminSubmission & ~(ulong)uint.MaxValue) | (value & ~(uint)PageBits);
                break;
            case AdminSubmission + 4:
                _adminSubmission = (uint)_adminSubmission | (ulong)value << 32;
                break;
            case AdminCompletion:
                _adminCompletion = (_adminCompletion & ~(ulong)uint.MaxValue) | (value & ~(uint)PageBits);
                break;
            case AdminCompletion + 4:
                _adminCompletion = (uint)_adminCompletion | (ulong)value << 32;
                break;
            case >= Doorbells:
                RingDoorbell((offset - Doorbells) / 4, value & 0xFFFF);
                break;
        }
    }

    /// <summary>Enables, resets or shuts down (section 7.6).</summary>
    private void Configure(uint value)
    {
        const int shutdownBits = 3 << 14;
        var old = _configuration;
        _configuration = value & 0x00FF_FFF1;
        if ((old & Enable) != 0 && (value & Enable) == 0)
        {
            StopController();
            return;
        }
        if ((old & Enable) == 0 && (value & Enable) != 0)
            StartController();
        if ((value & shutdownBits) != 0 && (old & shutdownBits) == 0 && _shutdown == 0)
            ShutDown();
    }

    private void StartController()
    {
        const uint commandSet = 7 << 4, pageSize = 15 << 7, arbitration = 7 << 11;
        var submissionSize = (int)(_adminSizes & 0xFFF) + 1;
        var completionSize = (int)(_adminSizes >> 16) + 1;
        if ((_configuration & (commandSet | pageSize | arbitration)) != 0 || submissionSize < 2 || completionSize < 2)
        {
            _isFatal = true;
            return;
        }
        _submissionQueues[0] = new NvmeSubmissionQueue(new(_adminSubmission), submissionSize, 0);
        _completionQueues[0] = new NvmeCompletionQueue(new(_adminCompletion), completionSize, 0, interrupts: true);
        _isReady = true;
    }

    /// <summary>The end of everything but what the admin queue's registers say, which outlives a reset (section 7.3.2).</summary>
    private void StopController()
    {
        _jobs.Cancel(_ => true);
        _goOn.Disarm();
        Array.Clear(_submissionQueues);
        Array.Clear(_completionQueues);
        (_isReady, _isFatal, _shutdown, _interruptMask, _turn) = (false, false, 0, 0, 0);
        _features = new NvmeFeatures(MostQueues);
        _events.Reset();
        UpdateInterrupts();
    }

    /// <summary>Whatever has been written is made to last.</summary>
    private void ShutDown()
    {
        _shutdown = ShutdownUnderWay;
        _jobs.TryStart(new BlockJob(ShutdownTag, [new BlockStep(BlockOperation.Flush, 0, 0)]));
    }
}
