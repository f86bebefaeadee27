using System.Globalization;
using System.Runtime.Intrinsics.X86;
using System.Text;
using Ringmaster.Cpu.State;

namespace Ringmaster.Cpu.Kvm.Tests;

/// <summary>A state as text, field by field, for comparing.</summary>
internal static class StateText
{
    // "Auth", the first of three words by which AMD's processors name themselves. They have no IA32_MISC_ENABLE, so nobody keeps it.
    private static readonly bool s_isAmd = X86Base.CpuId(0, 0).Ebx == 0x6874_7541;

    public static string Of(CpuState state)
    {
        var text = new StringBuilder();
        foreach (var field in typeof(CpuState).GetFields().Where(f => f.FieldType == typeof(ulong) || f.FieldType == typeof(uint) || f.FieldType == typeof(bool)
            || f.FieldType == typeof(Segment) || f.FieldType == typeof(DescriptorTable) || f.FieldType.IsEnum || f.FieldType == typeof(PendingException?)))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{field.Name} {field.GetValue(state):X}");
        }
        foreach (var field in typeof(MsrState).GetFields().Where(f => f.FieldType == typeof(ulong) && !(s_isAmd && f.Name == nameof(MsrState.MiscEnable))))
            text.AppendLine(CultureInfo.InvariantCulture, $"{field.Name} {field.GetValue(state.Msr):X}");
        for (var i = 0; i < 16; i++)
            text.AppendLine(CultureInfo.InvariantCulture, $"R{i} {state.Registers[i]:X} MTRR {state.Msr.MtrrVariable[i]:X} {(i < 11 ? state.Msr.MtrrFixed[i] : 0):X}");
        return text.AppendLine(ExtendedStateTests.FpuText(state.Fpu)).ToString();
    }
}
