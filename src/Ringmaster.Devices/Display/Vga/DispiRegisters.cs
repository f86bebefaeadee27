namespace Ringmaster.Devices.Display.Vga;

/// <summary>
/// The Bochs display interface: modes beyond VGA, set by width, height and depth (Bochs, "VBE Display API"; QEMU,
/// docs/specs/standard-vga).
/// </summary>
/// <param name="memorySize">Bytes of video memory.</param>
internal sealed class DispiRegisters(int memorySize)
{
    /// <summary>Registers, each 16 bits wide.</summary>
    internal const int Count = 11;

    internal const int MostWidth = 4096, MostHeight = 4096, MostDepth = 32, BankSize = 0x1_0000;

    // Whoever looks keeps pictures of four bytes a pixel; planar modes would let a guest make them large with little memory.
    private const int MostPixels = 4096 * 2304;

    private const ushort OldestId = 0xB0C0, NewestId = 0xB0C5;
    private const ushort EnabledBit = 0x01, ReportsMost = 0x02, EightBitDac = 0x20, LinearFrameBuffer = 0x40, KeepsMemory = 0x80;
    private const ushort EnableBits = EnabledBit | ReportsMost | EightBitDac | LinearFrameBuffer | KeepsMemory;

    private ushort _id = NewestId;
    private ushort _enable;

    internal int Width { get; private set; }

    internal int Height { get; private set; }

    /// <summary>Bits a pixel: 4, 8, 15, 16, 24 or 32; what else a guest writes cannot be enabled.</summary>
    internal int Depth { get; private set; }

    internal int Bank { get; private set; }

    internal int VirtualWidth { get; private set; }

    internal int X { get; private set; }

    internal int Y { get; private set; }

    internal bool IsEnabled => (_enable & EnabledBit) != 0;

    internal bool HasEightBitDac => (_enable & EightBitDac) != 0;

    /// <summary>Whether the mode's memory has four planes, as the 16-colour modes of VGA.</summary>
    internal bool IsPlanar => Depth == 4;

    /// <summary>Bytes from one line to the next. In planar modes, bytes of all four planes.</summary>
    internal int Stride => LineSize(VirtualWidth);

    private int VirtualHeight => VirtualWidth == 0 ? 0 : Math.Min(memorySize / Math.Max(1, Stride), ushort.MaxValue);

    private bool IsPossible =>
        Width is > 0 and <= MostWidth && Height is > 0 and <= MostHeight && Depth is 4 or 8 or 15 or 16 or 24 or 32
        && Width * Height <= MostPixels && LineSize(Width) * Height <= memorySize;

    internal void Reset()
    {
        _id = NewestId;
        _enable = 0;
        Width = Height = Depth = Bank = VirtualWidth = X = Y = 0;
    }

    internal ushort Read(int index)
    {
        var most = (_enable & ReportsMost) != 0;
        return (ushort)(index switch
        {
            0 => _id,
            1 => most ? MostWidth : Width,
            2 => most ? MostHeight : Height,
            3 => most ? MostDepth : Depth,
            4 => _enable,
            5 => Bank,
            6 => VirtualWidth,
            7 => VirtualHeight,
            8 => X,
            9 => Y,
            10 => memorySize / BankSize,
            _ => 0,
        });
    }

    /// <summary>Takes a write.</summary>
    /// <returns>Whether a mode was enabled whose memory must be cleared.</returns>
    internal bool Write(int index, ushort value)
    {
        switch (index)
        {
            case 0 when value is >= OldestId and <= NewestId:
                _id = value;
                break;
            // A mode is changed by disabling it first.
            case 1 when !IsEnabled:
                Width = Math.Min((int)value, MostWidth);
                break;
            case 2 when !IsEnabled:
                Height = Math.Min((int)value, MostHeight);
                break;
            case 3 when !IsEnabled:
                // The first version of the interface called 8 bits 0.
                Depth = value == 0 ? 8 : value;
                break;
            case 4:
                return Enable(value);
            case 5:
                Bank = value % Math.Max(1, memorySize / BankSize);
                break;
            case 6 when IsEnabled:
                SetVirtualWidth(value);
                break;
            case 8 when IsEnabled:
                SetOrigin(value, Y);
                break;
            case 9 when IsEnabled:
                SetOrigin(X, value);
                break;
        }
        return false;
    }

    internal DispiState Capture() => new(_id, Width, Height, Depth, _enable, Bank, VirtualWidth, X, Y);

    internal void Restore(DispiState state)
    {
        Reset();
        _id = Math.Clamp(state.Id, OldestId, NewestId);
        Width = Math.Clamp(state.Width, 0, MostWidth);
        Height = Math.Clamp(state.Height, 0, MostHeight);
        Depth = Math.Clamp(state.Depth, 0, ushort.MaxValue);
        _enable = (ushort)(state.Enable & EnableBits);
        if (IsEnabled && !IsPossible)
            _enable &= unchecked((ushort)~EnabledBit);
        Bank = Math.Max(0, state.Bank) % Math.Max(1, memorySize / BankSize);
        if (!IsEnabled)
            return;
        VirtualWidth = Width;
        SetVirtualWidth(Math.Clamp(state.VirtualWidth, 0, ushort.MaxValue));
        SetOrigin(Math.Clamp(state.X, 0, ushort.MaxValue), Math.Clamp(state.Y, 0, ushort.MaxValue));
    }

    private bool Enable(ushort value)
    {
        var wasEnabled = IsEnabled;
        _enable = (ushort)(value & EnableBits);
        if (!IsEnabled || wasEnabled)
        {
            if (!IsEnabled)
                Bank = VirtualWidth = X = Y = 0;
            return false;
        }
        if (!IsPossible)
        {
            _enable &= unchecked((ushort)~EnabledBit);
            return false;
        }
        VirtualWidth = Width;
        Bank = X = Y = 0;
        return (value & KeepsMemory) == 0;
    }

    private void SetVirtualWidth(int value)
    {
        // As many pixels as fill the memory with the lines that are shown, and at least those that are shown.
        var most = (int)Math.Min((long)memorySize / Height * 8 / BitsPerPixel, ushort.MaxValue);
        var width = IsPlanar ? (value + 7) & ~7 : value;
        VirtualWidth = Math.Max(Width, Math.Min(width, IsPlanar ? most & ~7 : most));
        SetOrigin(X, Y);
    }

    private void SetOrigin(int x, int y)
    {
        X = Math.Min(x, VirtualWidth - Width);
        Y = Math.Clamp(y, 0, Math.Max(0, VirtualHeight - Height));
    }

    private int BitsPerPixel => Depth == 15 ? 16 : Depth;

    private int LineSize(int width) => IsPlanar ? (width + 7) / 8 * 4 : width * ((Depth + 7) / 8);
}
