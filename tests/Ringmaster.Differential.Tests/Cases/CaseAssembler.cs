using Iced.Intel;
using Ringmaster.Differential.Tests.Native;

namespace Ringmaster.Differential.Tests.Cases;

/// <summary>Turns a case's instructions into bytes.</summary>
internal sealed class CaseAssembler
{
    private readonly Buffer _buffer = new();
    private readonly Encoder _encoder32;
    private readonly Encoder _encoder64;

    public CaseAssembler()
    {
        _encoder32 = Encoder.Create(32, _buffer);
        _encoder64 = Encoder.Create(64, _buffer);
    }

    /// <summary>The bytes of the last case.</summary>
    public ReadOnlySpan<byte> Bytes => _buffer.Bytes;

    /// <summary>The address of each instruction of the last case, and that of its end.</summary>
    public List<ulong> Addresses { get; } = [];

    /// <summary>Assembles a case at its address.</summary>
    /// <returns>False if some instruction cannot be encoded there, or the bytes hold what must not be run.</returns>
    public bool TryAssemble(TestCase test)
    {
        // Lengths do not depend on where branches lead, so the first pass yields all addresses.
        if (!Pass(test, useTargets: false) || !Pass(test, useTargets: true))
            return false;
        if (_buffer.Bytes.Length > 240 || ForbiddenBytes.AreIn(_buffer.Bytes))
            return false;
        var room = AddressSpace.Regions[AddressSpace.CodeRegion].Length - (int)(test.CodeAddress - AddressSpace.Code);
        _buffer.Truncate(room);
        return true;
    }

    private bool Pass(TestCase test, bool useTargets)
    {
        _buffer.Clear();
        var addresses = useTargets ? [.. Addresses] : new List<ulong>();
        Addresses.Clear();
        var encoder = test.Is32Bit ? _encoder32 : _encoder64;
        foreach (var item in test.Instructions)
        {
            var address = test.CodeAddress + (ulong)_buffer.Bytes.Length;
            Addresses.Add(address);
            if (item.Raw is { } raw)
            {
                _buffer.Add(raw);
                continue;
            }
            var instruction = item.Instruction;
            if (item.Target is { } target)
                SetTarget(ref instruction, useTargets ? addresses[target] : address + 2);
            if (!encoder.TryEncode(instruction, address, out _, out _))
                return false;
        }
        Addresses.Add(test.CodeAddress + (ulong)_buffer.Bytes.Length);
        return true;
    }

    private static void SetTarget(ref Instruction instruction, ulong target)
    {
        switch (instruction.Op0Kind)
        {
            case OpKind.NearBranch16:
                instruction.NearBranch16 = (ushort)target;
                break;
            case OpKind.NearBranch32:
                instruction.NearBranch32 = (uint)target;
                break;
            default:
                instruction.NearBranch64 = target;
                break;
        }
    }

    private sealed class Buffer : CodeWriter
    {
        private readonly byte[] _bytes = new byte[1024];
        private int _count;

        public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _count);

        public override void WriteByte(byte value)
        {
            if (_count < _bytes.Length)
                _bytes[_count++] = value;
        }

        public void Add(ReadOnlySpan<byte> bytes)
        {
            foreach (var value in bytes)
                WriteByte(value);
        }

        public void Clear() => _count = 0;

        public void Truncate(int count) => _count = Math.Min(_count, count);
    }
}
