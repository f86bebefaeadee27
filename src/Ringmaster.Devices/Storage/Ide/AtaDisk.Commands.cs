namespace Ringmaster.Devices.Storage.Ide;

/// <content>Commands that move no sectors (ATA/ATAPI-7 volume 1, 6).</content>
public sealed partial class AtaDisk
{
    private protected override void Execute(byte command)
    {
        if (_power is null)
        {
            // Only a reset ends sleep (ATA/ATAPI-7 volume 1, 4.6.3).
            Fail(IdeStatus.Aborted);
            return;
        }
        if (SectorCommand.Find(command) is { } sectors)
        {
            StartSectors(command, sectors);
            return;
        }
        switch (command)
        {
            case 0x06: // DATA SET MANAGEMENT
                StartTrim();
                break;
            case >= 0x10 and <= 0x1F: // RECALIBRATE
                End(IdeStatus.Idle);
                break;
            case 0x27: // READ NATIVE MAX ADDRESS EXT
                Registers.Set48(LastBlock);
                End(IdeStatus.Idle);
                break;
            case >= 0x70 and <= 0x7F: // SEEK
                Seek();
                break;
            case 0x91: // INITIALIZE DEVICE PARAMETERS
                Translate();
                break;
            case 0x94 or 0xE0: // STANDBY IMMEDIATE
            case 0x96 or 0xE2: // STANDBY
                _power = Standby;
                Flush();
                break;
            case 0x95 or 0xE1: // IDLE IMMEDIATE
            case 0x97 or 0xE3: // IDLE
                _power = IdlePower;
                End(IdeStatus.Idle);
                break;
            case 0x98 or 0xE5: // CHECK POWER MODE
                Registers.CountByte = _power.Value;
                End(IdeStatus.Idle);
                break;
            case 0x99 or 0xE6: // SLEEP
                _power = null;
                Flush();
                break;
            case 0xB0: // SMART
                Smart();
                break;
            case 0xC6: // SET MULTIPLE MODE
                SetMultiple();
                break;
            case 0xE7 or 0xEA: // FLUSH CACHE, FLUSH CACHE EXT
                Flush();
                break;
            case 0xEC: // IDENTIFY DEVICE
                Send(Identify());
                break;
            case 0xEF: // SET FEATURES
                SetFeatures();
                break;
            case 0xF8: // READ NATIVE MAX ADDRESS
                Registers.Set28((uint)Math.Min(LastBlock, 0x0FFF_FFFF));
                End(IdeStatus.Idle);
                break;
            default: // NOP among them, which always ends so (ATA/ATAPI-7 volume 1, 6.27).
                Fail(IdeStatus.Aborted);
                break;
        }
    }

    /// <summary>Gives a block that the disk makes itself to the host.</summary>
    private void Send(byte[] content)
    {
        Buffer.Load(content);
        _step = AtaStep.DataIn;
        OpenBlock(content.Length, interrupts: true);
    }

    private void Seek()
    {
        if (TryAddress(is48: false, out var block) && block < _capacity)
            End(IdeStatus.Idle);
        else
            Fail(IdeStatus.NotFound);
    }

    private void Translate()
    {
        if (Registers.CountByte == 0)
        {
            Fail(IdeStatus.Aborted);
            return;
        }
        var (heads, sectors) = (Registers.Head + 1, Registers.CountByte);
        _geometry = (heads, sectors) == (_native.Heads, _native.Sectors) ? _native : AtaGeometry.Translated(_capacity, heads, sectors);
        End(IdeStatus.Idle);
    }

    private void SetMultiple()
    {
        var sectors = Registers.CountByte;
        if (sectors > MostMultiple || (sectors != 0 && !int.IsPow2(sectors)))
        {
            Fail(IdeStatus.Aborted);
            return;
        }
        _multiple = sectors;
        End(IdeStatus.Idle);
    }

    private void SetFeatures()
    {
        switch (Registers.FeatureBits)
        {
            case 0x02 or 0x82:
                _isWriteCached = Registers.FeatureBits == 0x02;
                // What is cached when the cache is turned off is stored first.
                if (!_isWriteCached)
                    Flush();
                break;
            case 0x03:
                if (!_modes.TryChoose(Registers.CountByte, out _modes))
                {
                    Fail(IdeStatus.Aborted);
                    return;
                }
                break;
            case 0x55 or 0xAA:
                _looksAhead = Registers.FeatureBits == 0xAA;
                break;
            case 0x66 or 0xCC: // Whether a software reset restores defaults: here it never does, which both allow.
                break;
            default:
                Fail(IdeStatus.Aborted);
                return;
        }
        if (_step == AtaStep.Idle)
            End(IdeStatus.Idle);
    }
}
