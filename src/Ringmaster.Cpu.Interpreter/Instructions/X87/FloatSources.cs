using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.FloatingPoint;

namespace Ringmaster.Cpu.Interpreter.Instructions.X87;

/// <summary>The memory operands of x87 arithmetic and loads.</summary>
internal static unsafe class FloatSources
{
    internal struct Single : IFloatSource
    {
        public static bool Load(Vcpu cpu, Op* op, out Unpacked value)
        {
            var loaded = cpu.Read(op, out uint bits);
            value = SoftFloat.Unpack32(bits);
            return loaded;
        }
    }

    internal struct Double : IFloatSource
    {
        public static bool Load(Vcpu cpu, Op* op, out Unpacked value)
        {
            var loaded = cpu.Read(op, out ulong bits);
            value = SoftFloat.Unpack64(bits);
            return loaded;
        }
    }

    internal struct Int16 : IFloatSource
    {
        public static bool Load(Vcpu cpu, Op* op, out Unpacked value)
        {
            var loaded = cpu.Read(op, out short integer);
            value = Unpacked.FromInteger(integer);
            return loaded;
        }
    }

    internal struct Int32 : IFloatSource
    {
        public static bool Load(Vcpu cpu, Op* op, out Unpacked value)
        {
            var loaded = cpu.Read(op, out int integer);
            value = Unpacked.FromInteger(integer);
            return loaded;
        }
    }

    internal struct Int64 : IFloatSource
    {
        public static bool Load(Vcpu cpu, Op* op, out Unpacked value)
        {
            var loaded = cpu.Read(op, out long integer);
            value = Unpacked.FromInteger(integer);
            return loaded;
        }
    }
}
