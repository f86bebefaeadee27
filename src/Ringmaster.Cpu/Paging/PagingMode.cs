namespace Ringmaster.Cpu.Paging;

/// <summary>How linear addresses are translated (SDM 3A 4.1.1).</summary>
public enum PagingMode
{
    /// <summary>CR0.PG is clear: linear addresses are physical.</summary>
    None,

    /// <summary>32-bit paging: two levels of 4-byte entries.</summary>
    TwoLevel,

    /// <summary>PAE paging: four PDPTE registers and two levels of 8-byte entries.</summary>
    Pae,

    /// <summary>4-level paging: 48-bit linear addresses.</summary>
    FourLevel,

    /// <summary>5-level paging: 57-bit linear addresses.</summary>
    FiveLevel,
}
