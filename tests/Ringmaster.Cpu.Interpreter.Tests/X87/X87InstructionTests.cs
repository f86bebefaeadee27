using Ringmaster.Cpu.Interpreter.Tests.HarnessX87;

namespace Ringmaster.Cpu.Interpreter.Tests.X87;

/// <summary>Every x87 instruction against the host, with masked and unmasked exceptions, empty registers and all modes.</summary>
public sealed class X87InstructionTests
{
    private const int States = 4000;

    [Theory]
    [InlineData("FADD m32", "D806")]
    [InlineData("FMUL m32", "D80E")]
    [InlineData("FSUB m32", "D826")]
    [InlineData("FSUBR m32", "D82E")]
    [InlineData("FDIV m32", "D836")]
    [InlineData("FDIVR m32", "D83E")]
    [InlineData("FADD m64", "DC06")]
    [InlineData("FMUL m64", "DC0E")]
    [InlineData("FSUB m64", "DC26")]
    [InlineData("FSUBR m64", "DC2E")]
    [InlineData("FDIV m64", "DC36")]
    [InlineData("FDIVR m64", "DC3E")]
    [InlineData("FIADD m32", "DA06")]
    [InlineData("FIMUL m32", "DA0E")]
    [InlineData("FISUB m32", "DA26")]
    [InlineData("FISUBR m32", "DA2E")]
    [InlineData("FIDIV m32", "DA36")]
    [InlineData("FIDIVR m32", "DA3E")]
    [InlineData("FIADD m16", "DE06")]
    [InlineData("FIMUL m16", "DE0E")]
    [InlineData("FISUB m16", "DE26")]
    [InlineData("FISUBR m16", "DE2E")]
    [InlineData("FIDIV m16", "DE36")]
    [InlineData("FIDIVR m16", "DE3E")]
    [InlineData("FADD ST,ST1", "D8C1")]
    [InlineData("FMUL ST,ST1", "D8C9")]
    [InlineData("FSUB ST,ST1", "D8E1")]
    [InlineData("FSUBR ST,ST1", "D8E9")]
    [InlineData("FDIV ST,ST1", "D8F1")]
    [InlineData("FDIVR ST,ST1", "D8F9")]
    [InlineData("FADD ST3,ST", "DCC3")]
    [InlineData("FMUL ST3,ST", "DCCB")]
    [InlineData("FSUBR ST3,ST", "DCE3")]
    [InlineData("FSUB ST3,ST", "DCEB")]
    [InlineData("FDIVR ST3,ST", "DCF3")]
    [InlineData("FDIV ST3,ST", "DCFB")]
    [InlineData("FADDP ST1,ST", "DEC1")]
    [InlineData("FMULP ST1,ST", "DEC9")]
    [InlineData("FSUBRP ST1,ST", "DEE1")]
    [InlineData("FSUBP ST1,ST", "DEE9")]
    [InlineData("FDIVRP ST1,ST", "DEF1")]
    [InlineData("FDIVP ST1,ST", "DEF9")]
    [InlineData("FADDP ST,ST", "DEC0")]
    [InlineData("FSQRT", "D9FA")]
    [InlineData("FABS", "D9E1")]
    [InlineData("FCHS", "D9E0")]
    public void Arithmetic_equals_the_host(string name, string bytes) => AssertSame(name, bytes);

    [Theory]
    [InlineData("FLD m32", "D906")]
    [InlineData("FLD m64", "DD06")]
    [InlineData("FLD m80", "DB2E")]
    [InlineData("FLD ST2", "D9C2")]
    [InlineData("FILD m16", "DF06")]
    [InlineData("FILD m32", "DB06")]
    [InlineData("FILD m64", "DF2E")]
    [InlineData("FLD1", "D9E8")]
    [InlineData("FLDL2T", "D9E9")]
    [InlineData("FLDL2E", "D9EA")]
    [InlineData("FLDPI", "D9EB")]
    [InlineData("FLDLG2", "D9EC")]
    [InlineData("FLDLN2", "D9ED")]
    [InlineData("FLDZ", "D9EE")]
    public void Loads_equal_the_host(string name, string bytes) => AssertSame(name, bytes);

    [Theory]
    [InlineData("FST m32", "D916")]
    [InlineData("FSTP m32", "D91E")]
    [InlineData("FST m64", "DD16")]
    [InlineData("FSTP m64", "DD1E")]
    [InlineData("FSTP m80", "DB3E")]
    [InlineData("FST ST3", "DDD3")]
    [InlineData("FSTP ST3", "DDDB")]
    [InlineData("FSTP ST0", "DDD8")]
    [InlineData("FSTPNCE ST3", "D9DB")]
    [InlineData("FSTP8 ST3", "DFD3")]
    [InlineData("FSTP9 ST3", "DFDB")]
    [InlineData("FIST m16", "DF16")]
    [InlineData("FISTP m16", "DF1E")]
    [InlineData("FIST m32", "DB16")]
    [InlineData("FISTP m32", "DB1E")]
    [InlineData("FISTP m64", "DF3E")]
    [InlineData("FISTTP m16", "DF0E")]
    [InlineData("FISTTP m32", "DB0E")]
    [InlineData("FISTTP m64", "DD0E")]
    [InlineData("FBSTP", "DF36")]
    public void Stores_equal_the_host(string name, string bytes) => AssertSame(name, bytes);

    [Theory]
    [InlineData("FCOM m32", "D816")]
    [InlineData("FCOMP m32", "D81E")]
    [InlineData("FCOM m64", "DC16")]
    [InlineData("FCOMP m64", "DC1E")]
    [InlineData("FICOM m16", "DE16")]
    [InlineData("FICOMP m16", "DE1E")]
    [InlineData("FICOM m32", "DA16")]
    [InlineData("FICOMP m32", "DA1E")]
    [InlineData("FCOM ST1", "D8D1")]
    [InlineData("FCOMP ST1", "D8D9")]
    [InlineData("FCOM2 ST1", "DCD1")]
    [InlineData("FCOMP3 ST1", "DCD9")]
    [InlineData("FCOMP5 ST1", "DED1")]
    [InlineData("FCOMPP", "DED9")]
    [InlineData("FUCOM ST1", "DDE1")]
    [InlineData("FUCOMP ST1", "DDE9")]
    [InlineData("FUCOMPP", "DAE9")]
    [InlineData("FCOMI ST1", "DBF1")]
    [InlineData("FCOMIP ST1", "DFF1")]
    [InlineData("FUCOMI ST1", "DBE9")]
    [InlineData("FUCOMIP ST1", "DFE9")]
    [InlineData("FTST", "D9E4")]
    [InlineData("FXAM", "D9E5")]
    public void Comparisons_equal_the_host(string name, string bytes) => AssertSame(name, bytes);

    [Theory]
    [InlineData("FXCH ST1", "D9C9")]
    [InlineData("FXCH4 ST5", "DDCD")]
    [InlineData("FXCH7 ST5", "DFCD")]
    [InlineData("FFREE ST3", "DDC3")]
    [InlineData("FFREEP ST3", "DFC3")]
    [InlineData("FINCSTP", "D9F7")]
    [InlineData("FDECSTP", "D9F6")]
    [InlineData("FCMOVB ST1", "DAC1")]
    [InlineData("FCMOVE ST1", "DAC9")]
    [InlineData("FCMOVBE ST1", "DAD1")]
    [InlineData("FCMOVU ST1", "DAD9")]
    [InlineData("FCMOVNB ST1", "DBC1")]
    [InlineData("FCMOVNE ST1", "DBC9")]
    [InlineData("FCMOVNBE ST1", "DBD1")]
    [InlineData("FCMOVNU ST1", "DBD9")]
    public void Stack_operations_equal_the_host(string name, string bytes) => AssertSame(name, bytes);

    [Theory]
    [InlineData("FPREM", "D9F8")]
    [InlineData("FPREM1", "D9F5")]
    [InlineData("FRNDINT", "D9FC")]
    [InlineData("FSCALE", "D9FD")]
    [InlineData("FXTRACT", "D9F4")]
    public void Remainders_and_scaling_equal_the_host(string name, string bytes) => AssertSame(name, bytes);

    [Theory]
    [InlineData("FNOP", "D9D0")]
    [InlineData("FNINIT", "DBE3")]
    [InlineData("FNCLEX", "DBE2")]
    [InlineData("FLDCW", "D92E")]
    [InlineData("FNSTCW", "D93E")]
    [InlineData("FNSTSW m16", "DD3E")]
    [InlineData("FNSTSW AX", "DFE0")]
    [InlineData("FNENI", "DBE0")]
    [InlineData("FNDISI", "DBE1")]
    [InlineData("FNSETPM", "DBE4")]
    public void Control_instructions_equal_the_host(string name, string bytes) => AssertSame(name, bytes);

    [Fact]
    public void Packed_decimal_loads_equal_the_host()
    {
        var differences = FloatComparison.Differences([0xDF, 0x26], States, ignoredStatus: 0,
            static (ref FloatCase input, FloatSamples samples) =>
            {
                for (var i = 0; i < 9; i++)
                    input.Bytes[i] = (byte)(samples.Next(10) << 4 | samples.Next(10));
            });
        Assert.True(differences.Length == 0, differences);
    }

    private static void AssertSame(string name, string bytes)
    {
        var differences = FloatComparison.Differences(Convert.FromHexString(bytes), States);
        Assert.True(differences.Length == 0, $"{name}: {differences}");
    }
}
