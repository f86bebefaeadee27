using Iced.Intel;

namespace Ringmaster.Cpu.Interpreter.Instructions.Simd.Float;

/// <summary>The instructions of FMA3: six operations, each with three operand orders.</summary>
internal static class FusedInstructions
{
    public static void Register(HandlerTable table)
    {
        EnterWithScalar<MultiplyAdd>(table, [
            Code.VEX_Vfmadd132ps_xmm_xmm_xmmm128, Code.VEX_Vfmadd132ps_ymm_ymm_ymmm256,
            Code.VEX_Vfmadd132pd_xmm_xmm_xmmm128, Code.VEX_Vfmadd132pd_ymm_ymm_ymmm256,
            Code.VEX_Vfmadd132ss_xmm_xmm_xmmm32, Code.VEX_Vfmadd132sd_xmm_xmm_xmmm64,
            Code.VEX_Vfmadd213ps_xmm_xmm_xmmm128, Code.VEX_Vfmadd213ps_ymm_ymm_ymmm256,
            Code.VEX_Vfmadd213pd_xmm_xmm_xmmm128, Code.VEX_Vfmadd213pd_ymm_ymm_ymmm256,
            Code.VEX_Vfmadd213ss_xmm_xmm_xmmm32, Code.VEX_Vfmadd213sd_xmm_xmm_xmmm64,
            Code.VEX_Vfmadd231ps_xmm_xmm_xmmm128, Code.VEX_Vfmadd231ps_ymm_ymm_ymmm256,
            Code.VEX_Vfmadd231pd_xmm_xmm_xmmm128, Code.VEX_Vfmadd231pd_ymm_ymm_ymmm256,
            Code.VEX_Vfmadd231ss_xmm_xmm_xmmm32, Code.VEX_Vfmadd231sd_xmm_xmm_xmmm64,
        ]);
        EnterWithScalar<MultiplySubtract>(table, [
            Code.VEX_Vfmsub132ps_xmm_xmm_xmmm128, Code.VEX_Vfmsub132ps_ymm_ymm_ymmm256,
            Code.VEX_Vfmsub132pd_xmm_xmm_xmmm128, Code.VEX_Vfmsub132pd_ymm_ymm_ymmm256,
            Code.VEX_Vfmsub132ss_xmm_xmm_xmmm32, Code.VEX_Vfmsub132sd_xmm_xmm_xmmm64,
            Code.VEX_Vfmsub213ps_xmm_xmm_xmmm128, Code.VEX_Vfmsub213ps_ymm_ymm_ymmm256,
            Code.VEX_Vfmsub213pd_xmm_xmm_xmmm128, Code.VEX_Vfmsub213pd_ymm_ymm_ymmm256,
            Code.VEX_Vfmsub213ss_xmm_xmm_xmmm32, Code.VEX_Vfmsub213sd_xmm_xmm_xmmm64,
            Code.VEX_Vfmsub231ps_xmm_xmm_xmmm128, Code.VEX_Vfmsub231ps_ymm_ymm_ymmm256,
            Code.VEX_Vfmsub231pd_xmm_xmm_xmmm128, Code.VEX_Vfmsub231pd_ymm_ymm_ymmm256,
            Code.VEX_Vfmsub231ss_xmm_xmm_xmmm32, Code.VEX_Vfmsub231sd_xmm_xmm_xmmm64,
        ]);
        EnterWithScalar<NegatedMultiplyAdd>(table, [
            Code.VEX_Vfnmadd132ps_xmm_xmm_xmmm128, Code.VEX_Vfnmadd132ps_ymm_ymm_ymmm256,
            Code.VEX_Vfnmadd132pd_xmm_xmm_xmmm128, Code.VEX_Vfnmadd132pd_ymm_ymm_ymmm256,
            Code.VEX_Vfnmadd132ss_xmm_xmm_xmmm32, Code.VEX_Vfnmadd132sd_xmm_xmm_xmmm64,
            Code.VEX_Vfnmadd213ps_xmm_xmm_xmmm128, Code.VEX_Vfnmadd213ps_ymm_ymm_ymmm256,
            Code.VEX_Vfnmadd213pd_xmm_xmm_xmmm128, Code.VEX_Vfnmadd213pd_ymm_ymm_ymmm256,
            Code.VEX_Vfnmadd213ss_xmm_xmm_xmmm32, Code.VEX_Vfnmadd213sd_xmm_xmm_xmmm64,
            Code.VEX_Vfnmadd231ps_xmm_xmm_xmmm128, Code.VEX_Vfnmadd231ps_ymm_ymm_ymmm256,
            Code.VEX_Vfnmadd231pd_xmm_xmm_xmmm128, Code.VEX_Vfnmadd231pd_ymm_ymm_ymmm256,
            Code.VEX_Vfnmadd231ss_xmm_xmm_xmmm32, Code.VEX_Vfnmadd231sd_xmm_xmm_xmmm64,
        ]);
        EnterWithScalar<NegatedMultiplySubtract>(table, [
            Code.VEX_Vfnmsub132ps_xmm_xmm_xmmm128, Code.VEX_Vfnmsub132ps_ymm_ymm_ymmm256,
            Code.VEX_Vfnmsub132pd_xmm_xmm_xmmm128, Code.VEX_Vfnmsub132pd_ymm_ymm_ymmm256,
            Code.VEX_Vfnmsub132ss_xmm_xmm_xmmm32, Code.VEX_Vfnmsub132sd_xmm_xmm_xmmm64,
            Code.VEX_Vfnmsub213ps_xmm_xmm_xmmm128, Code.VEX_Vfnmsub213ps_ymm_ymm_ymmm256,
            Code.VEX_Vfnmsub213pd_xmm_xmm_xmmm128, Code.VEX_Vfnmsub213pd_ymm_ymm_ymmm256,
            Code.VEX_Vfnmsub213ss_xmm_xmm_xmmm32, Code.VEX_Vfnmsub213sd_xmm_xmm_xmmm64,
            Code.VEX_Vfnmsub231ps_xmm_xmm_xmmm128, Code.VEX_Vfnmsub231ps_ymm_ymm_ymmm256,
            Code.VEX_Vfnmsub231pd_xmm_xmm_xmmm128, Code.VEX_Vfnmsub231pd_ymm_ymm_ymmm256,
            Code.VEX_Vfnmsub231ss_xmm_xmm_xmmm32, Code.VEX_Vfnmsub231sd_xmm_xmm_xmmm64,
        ]);
        Enter<MultiplyAddSubtract>(table, [
            Code.VEX_Vfmaddsub132ps_xmm_xmm_xmmm128, Code.VEX_Vfmaddsub132ps_ymm_ymm_ymmm256,
            Code.VEX_Vfmaddsub132pd_xmm_xmm_xmmm128, Code.VEX_Vfmaddsub132pd_ymm_ymm_ymmm256,
            Code.VEX_Vfmaddsub213ps_xmm_xmm_xmmm128, Code.VEX_Vfmaddsub213ps_ymm_ymm_ymmm256,
            Code.VEX_Vfmaddsub213pd_xmm_xmm_xmmm128, Code.VEX_Vfmaddsub213pd_ymm_ymm_ymmm256,
            Code.VEX_Vfmaddsub231ps_xmm_xmm_xmmm128, Code.VEX_Vfmaddsub231ps_ymm_ymm_ymmm256,
            Code.VEX_Vfmaddsub231pd_xmm_xmm_xmmm128, Code.VEX_Vfmaddsub231pd_ymm_ymm_ymmm256,
        ]);
        Enter<MultiplySubtractAdd>(table, [
            Code.VEX_Vfmsubadd132ps_xmm_xmm_xmmm128, Code.VEX_Vfmsubadd132ps_ymm_ymm_ymmm256,
            Code.VEX_Vfmsubadd132pd_xmm_xmm_xmmm128, Code.VEX_Vfmsubadd132pd_ymm_ymm_ymmm256,
            Code.VEX_Vfmsubadd213ps_xmm_xmm_xmmm128, Code.VEX_Vfmsubadd213ps_ymm_ymm_ymmm256,
            Code.VEX_Vfmsubadd213pd_xmm_xmm_xmmm128, Code.VEX_Vfmsubadd213pd_ymm_ymm_ymmm256,
            Code.VEX_Vfmsubadd231ps_xmm_xmm_xmmm128, Code.VEX_Vfmsubadd231ps_ymm_ymm_ymmm256,
            Code.VEX_Vfmsubadd231pd_xmm_xmm_xmmm128, Code.VEX_Vfmsubadd231pd_ymm_ymm_ymmm256,
        ]);
    }

    /// <summary>Enters packed and scalar forms.</summary>
    /// <param name="table">The table.</param>
    /// <param name="codes">For each of the orders 132, 213 and 231: PS 128 and 256, PD 128 and 256, SS, SD.</param>
    private static void EnterWithScalar<TSigns>(HandlerTable table, ReadOnlySpan<Code> codes) where TSigns : struct, IFusedSigns
    {
        EnterOrder<TSigns, Order132>(table, codes[..6]);
        EnterOrder<TSigns, Order213>(table, codes[6..12]);
        EnterOrder<TSigns, Order231>(table, codes[12..]);
    }

    /// <summary>Enters packed forms: the codes as above without SS and SD.</summary>
    private static void Enter<TSigns>(HandlerTable table, ReadOnlySpan<Code> codes) where TSigns : struct, IFusedSigns
    {
        EnterOrder<TSigns, Order132>(table, codes[..4]);
        EnterOrder<TSigns, Order213>(table, codes[4..8]);
        EnterOrder<TSigns, Order231>(table, codes[8..]);
    }

    private static void EnterOrder<TSigns, TOrder>(HandlerTable table, ReadOnlySpan<Code> codes)
        where TSigns : struct, IFusedSigns
        where TOrder : struct, IFusedOrder
    {
        FusedMultiplyAdd<TSigns, TOrder>.EnterPacked<uint>(table, codes[0], codes[1]);
        FusedMultiplyAdd<TSigns, TOrder>.EnterPacked<ulong>(table, codes[2], codes[3]);
        if (codes.Length == 4)
            return;
        FusedMultiplyAdd<TSigns, TOrder>.EnterScalar<uint>(table, codes[4]);
        FusedMultiplyAdd<TSigns, TOrder>.EnterScalar<ulong>(table, codes[5]);
    }

    private struct Order132 : IFusedOrder
    {
        public static (T Left, T Right, T Addend) Arrange<T>(T first, T second, T third) => (first, third, second);
    }

    private struct Order213 : IFusedOrder
    {
        public static (T Left, T Right, T Addend) Arrange<T>(T first, T second, T third) => (second, first, third);
    }

    private struct Order231 : IFusedOrder
    {
        public static (T Left, T Right, T Addend) Arrange<T>(T first, T second, T third) => (second, third, first);
    }

    private struct MultiplyAdd : IFusedSigns
    {
        public static bool NegatesProduct => false;

        public static bool NegatesAddend(int element) => false;
    }

    private struct MultiplySubtract : IFusedSigns
    {
        public static bool NegatesProduct => false;

        public static bool NegatesAddend(int element) => true;
    }

    private struct NegatedMultiplyAdd : IFusedSigns
    {
        public static bool NegatesProduct => true;

        public static bool NegatesAddend(int element) => false;
    }

    private struct NegatedMultiplySubtract : IFusedSigns
    {
        public static bool NegatesProduct => true;

        public static bool NegatesAddend(int element) => true;
    }

    private struct MultiplyAddSubtract : IFusedSigns
    {
        public static bool NegatesProduct => false;

        public static bool NegatesAddend(int element) => (element & 1) == 0;
    }

    private struct MultiplySubtractAdd : IFusedSigns
    {
        public static bool NegatesProduct => false;

        public static bool NegatesAddend(int element) => (element & 1) != 0;
    }
}
